// Fault points are one switch of the whole process, and the figures printed here are worth nothing beside other tests.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
