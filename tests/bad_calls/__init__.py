"""Bad calls: what users pass by mistake, what each parameter asks for, and a table of all public calls.

    values      what is passed by mistake, or in an unusual form
    roles       what a parameter asks for, said apart from the library
    tables      the same of rows, in arrays, masked arrays and frames
    call        a call, and what it leaves alone
    parts, builders, methods, functions     the table

What core functions take, and what a model or a store is asked by other rooms, are arrays that were checked: they trace,
so they are not checked again, and are no calls of a user. Everything else that a user can call stands in the table.
"""
