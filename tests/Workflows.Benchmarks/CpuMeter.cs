using System.Globalization;

namespace Workflows.Benchmarks;

/// <summary>CPU time of process trees, read from /proc; zero where there is none.</summary>
internal static class CpuMeter
{
    private const double TicksPerSecond = 100;

    /// <summary>Seconds of CPU used so far by a process and its descendants, reaped children included.</summary>
    public static double OfTree(int root)
    {
        if (!Directory.Exists("/proc/self"))
            return 0;
        var processes = Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var id) ? Read(id) : null)
            .OfType<Stat>().ToList();
        var tree = new HashSet<int> { root };
        for (var grown = true; grown;)
        {
            var before = tree.Count;
            tree.UnionWith(processes.Where(p => tree.Contains(p.Parent)).Select(p => p.Id));
            grown = tree.Count > before;
        }

        return processes.Where(p => tree.Contains(p.Id)).Sum(p => p.Seconds);
    }

    /// <summary>Resident memory of one process in bytes.</summary>
    public static long MemoryOf(int id)
    {
        var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    private static Stat? Read(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            // The name in parentheses may hold anything, so fields are counted from behind it.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = Enumerable.Range(11, 4).Sum(i => double.Parse(fields[i], CultureInfo.InvariantCulture));
            return new Stat(id, int.Parse(fields[1], CultureInfo.InvariantCulture), ticks / TicksPerSecond);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended while we looked.
            return null;
        }
    }

    private sealed record Stat(int Id, int Parent, double Seconds);
}
