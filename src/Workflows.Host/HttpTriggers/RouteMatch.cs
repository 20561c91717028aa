using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.Routing.Template;

namespace Workflows.Host.HttpTriggers;

/// <summary>Matches the part of an address below /workflows against a definition's route template.</summary>
internal static class RouteMatch
{
    /// <summary>The route values when the path matches; null when it does not.</summary>
    public static RouteValueDictionary? Match(string template, PathString path)
    {
        try
        {
            var matcher = new TemplateMatcher(new RouteTemplate(RoutePatternFactory.Parse(template.Trim('/'))), []);
            var values = new RouteValueDictionary();
            return matcher.TryMatch(path, values) ? values : null;
        }
        // A template that came in before it was checked: nothing can match it.
        catch (RoutePatternException)
        {
            return null;
        }
    }
}
