"""How fast recall is: beside what a user would pick instead, and beside the machine, in one run.

`make bench` measures everything in under 10 minutes, `make bench-quick` the same at fewer sizes in under 1, and
`make performance` writes docs/performance.md from a whole run. Results go to benchmarks/results/, as JSON for programs
and as Markdown for people; git ignores them, for they are true of one machine at one commit.

    machine     what computes: its name, threads and versions; how fast it multiplies and reads
    public      what a user calls, and reads of it
    timing      how a time is taken: candidates take turns, each after a rest
    row         what one case found: times by candidate, other numbers
    rivals      other packages, where they are installed
    cases/      what is measured, a file per regime; a new file there is a new case
    targets     what must be reached
    results     one run, kept and read back
    report      a run as tables
    performance a run as a chapter, with figures

No test asserts a time: a machine has other things to do too.
"""
