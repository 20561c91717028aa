using System.Text.Json.Nodes;

namespace Workflows.Activities.Http;

/// <summary>The stimulus of an HTTP endpoint; the host computes the same hash for a matched route.</summary>
public static class HttpRoute
{
    /// <summary>Name of triggers and bookmarks.</summary>
    public const string StimulusName = "Elsa.HttpEndpoint";

    /// <summary>One leading slash, none at the end; letters stay as written, since they may name route values.</summary>
    public static string Normalise(string template) => "/" + template.Trim().Trim('/');

    public static JsonObject Stimulus(string template, string method) => new() { ["Path"] = Normalise(template), ["Method"] = method.Trim().ToLowerInvariant() };
}
