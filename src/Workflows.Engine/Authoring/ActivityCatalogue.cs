using System.Reflection;

namespace Workflows.Engine.Authoring;

/// <summary>Every activity type this host knows, by type name; the newest version of each.</summary>
public sealed class ActivityCatalogue
{
    private readonly Dictionary<string, ActivityType> _types = new(StringComparer.Ordinal);

    public ActivityCatalogue(IEnumerable<Type> activityClasses)
    {
        foreach (var type in activityClasses.Select(c => new ActivityType(c)))
        {
            if (!_types.TryGetValue(type.Type, out var known) || known.Info.Version < type.Info.Version)
                _types[type.Type] = type;
        }
    }

    /// <summary>A catalogue of all activity classes in the given assemblies and the engine itself.</summary>
    public static ActivityCatalogue Of(params IEnumerable<Assembly> assemblies) => new(
        assemblies.Append(typeof(ActivityCatalogue).Assembly).Distinct().SelectMany(a => a.GetTypes())
            .Where(t => !t.IsAbstract && t.IsSubclassOf(typeof(Activity)) && t.IsDefined(typeof(ActivityAttribute))));

    public IReadOnlyCollection<ActivityType> Types => _types.Values;

    public ActivityType? Find(string type) => _types.GetValueOrDefault(type);
}
