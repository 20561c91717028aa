namespace Workflows.Engine.Authoring;

/// <summary>Elsa's kinds; Job and Task may run outside the burst, here through effects.</summary>
public enum ActivityKind
{
    Action,
    Trigger,
    Job,
    Task,
}

/// <summary>Makes a class an activity: its type name as it stands in definitions, its place in the toolbox and its labels.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ActivityAttribute(string type) : Attribute
{
    public string Type { get; } = type;

    public int Version { get; init; } = 1;

    public required string Category { get; init; }

    public required string En { get; init; }

    public required string Zh { get; init; }

    public string DescriptionEn { get; init; } = "";

    public string DescriptionZh { get; init; } = "";

    public ActivityKind Kind { get; init; } = ActivityKind.Action;

    public bool IsContainer { get; init; }

    public bool IsStart { get; init; }

    /// <summary>Ends the flowchart or sequence it stands in (End, Finish, Complete, Break).</summary>
    public bool IsTerminal { get; init; }

    public bool IsBrowsable { get; init; } = true;
}

/// <summary>A named port the activity leaves by. Without any, the only outcome is Done.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class OutcomeAttribute(string name) : Attribute
{
    public string Name { get; } = name;

    public string? En { get; init; }

    public string? Zh { get; init; }
}

/// <summary>An input; its JSON name is the property's in camel case unless <see cref="Name"/> says otherwise.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InputAttribute : Attribute
{
    public string? Name { get; init; }

    public string? En { get; init; }

    public string? Zh { get; init; }

    public string DescriptionEn { get; init; } = "";

    public string DescriptionZh { get; init; } = "";

    /// <summary>Studio's editor: singleline, multiline, checkbox, dropdown, ... (Elsa's UI hints).</summary>
    public string Hint { get; init; } = "singleline";

    /// <summary>Fixed choices of a drop-down.</summary>
    public string[] Options { get; init; } = [];

    /// <summary>Chinese labels of <see cref="Options"/>, in the same order; the option itself where there is none.</summary>
    public string[] OptionsZh { get; init; } = [];

    /// <summary>What the choices are made of when they are not fixed: "roles", "people", "approvers", "events" (<see cref="InputSources"/>).</summary>
    public string? Source { get; init; }

    /// <summary>Syntax Studio offers first.</summary>
    public string Syntax { get; init; } = "Literal";

    /// <summary>Publication refuses a node without it.</summary>
    public bool Required { get; init; }

    /// <summary>Kept out of the journal and the stored state.</summary>
    public bool IsSensitive { get; init; }

    /// <summary>False: the activity evaluates it itself, when it wants, through <c>context.Evaluate</c>.</summary>
    public bool AutoEvaluate { get; init; } = true;

    /// <summary>False: a plain JSON value, not an expression wrapped in {typeName, expression}.</summary>
    public bool Wrapped { get; init; } = true;
}

/// <summary>Choices that are read live when the designer asks: a list input becomes a check list of them, a text input a drop-down.</summary>
public static class InputSources
{
    /// <summary>Role keys.</summary>
    public const string Roles = "roles";

    /// <summary>Names of the events that have message templates.</summary>
    public const string Events = "events";

    /// <summary>User names.</summary>
    public const string People = "people";

    /// <summary>"role:x", user names, and the words that name a place in the organisation.</summary>
    public const string Approvers = "approvers";

    /// <summary>Choice of <see cref="Approvers"/>: the applicant's manager.</summary>
    public const string ApproverManager = "manager";

    /// <summary>Choice of <see cref="Approvers"/>: the head of the applicant's department.</summary>
    public const string ApproverDepartmentHead = "department-head";

    /// <summary>Choice of <see cref="Approvers"/>: whom the applicant chose.</summary>
    public const string ApproverChosen = "chosen";

    /// <summary>Definition ids.</summary>
    public const string Definitions = "definitions";
}

/// <summary>An output; bound to a variable or workflow output by the definition. Null means "not set in this call".</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OutputAttribute : Attribute
{
    public string? Name { get; init; }

    public string? En { get; init; }

    public string? Zh { get; init; }
}

/// <summary>An embedded branch: a property of type <c>ActivityNode?</c> (If.Then) or <c>IReadOnlyList&lt;ActivityNode&gt;</c> (Sequence.Activities).</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BranchAttribute : Attribute
{
    public string? Name { get; init; }

    public string? En { get; init; }

    public string? Zh { get; init; }
}
