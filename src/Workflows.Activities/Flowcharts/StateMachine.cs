using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;

namespace Workflows.Activities.Flowcharts;

/// <summary>
/// States joined by transitions {from, to, trigger, condition, action}. Entering a state runs its entry, then waits for all
/// triggers out of it at once; the first whose condition holds cancels the others, runs the action, then the state's exit, then enters the
/// target. A trigger whose condition does not hold is armed again. A state without transitions ends the machine.
/// </summary>
[Activity("Elsa.StateMachine", Category = "Flow", Zh = "状态机", En = "State machine", IsContainer = true,
    DescriptionZh = "状态与转换。", DescriptionEn = "States and transitions.")]
internal sealed class StateMachine : Activity
{
    private const string StateKey = "state";
    private const string TransitionKey = "transition";
    private const string Entry = "entry";
    private const string Exit = "exit";
    private const string Action = "action";
    private const string TriggerTag = "trigger:";

    [Input(Zh = "状态", En = "States", Hint = "json-editor", Wrapped = false, AutoEvaluate = false)]
    public JsonNode? States { get; set; }

    [Input(Zh = "转换", En = "Transitions", Hint = "json-editor", Wrapped = false, AutoEvaluate = false)]
    public JsonNode? Transitions { get; set; }

    [Input(Zh = "初始状态", En = "Initial state", Wrapped = false)]
    public string? InitialState { get; set; }

    public override void Execute(ActivityContext context)
    {
        var states = Listed(context.Node, "states");
        var initial = ValueConverter.Text(context.Node.Json["initialState"]) ?? (states.Count > 0 ? NameOf(states[0]) : null);
        if (initial is null)
            context.Complete();
        else
            Enter(context, initial);
    }

    public override void ChildCompleted(ActivityContext context, ChildCompletion child)
    {
        switch (child.Tag)
        {
            case Entry:
                Arm(context);
                break;
            case Action:
                Leave(context);
                break;
            case Exit:
                Enter(context, Target(context));
                break;
            case { } tag when tag.StartsWith(TriggerTag, StringComparison.Ordinal):
                Triggered(context, int.Parse(tag[TriggerTag.Length..], CultureInfo.InvariantCulture), child.Node);
                break;
        }
    }

    private static void Enter(ActivityContext context, string state)
    {
        var index = Listed(context.Node, "states").FindIndex(s => NameOf(s) == state);
        if (index < 0)
            throw new ActivityFailure("unknown-state", $"状态机中没有状态“{state}” (no such state)");
        context.Set(StateKey, state);
        if (context.Node.Branch($"states[{index}].entry") is { } entry)
            context.Schedule(entry, Entry);
        else
            Arm(context);
    }

    private static void Arm(ActivityContext context)
    {
        var outbound = Outbound(context).ToList();
        foreach (var index in outbound)
        {
            if (context.Node.Branch($"transitions[{index}].trigger") is { } trigger)
                context.Schedule(trigger, TriggerTag + index.ToString(CultureInfo.InvariantCulture));
        }

        if (outbound.Count == 0)
        {
            context.Complete();
            return;
        }

        // A transition without a trigger is taken at once when its condition holds.
        foreach (var index in outbound.Where(i => context.Node.Branch($"transitions[{i}].trigger") is null))
        {
            if (Holds(context, index))
            {
                Take(context, index);
                return;
            }
        }
    }

    private static void Triggered(ActivityContext context, int index, ActivityNode trigger)
    {
        if (Holds(context, index))
            Take(context, index);
        else
            context.Schedule(trigger, TriggerTag + index.ToString(CultureInfo.InvariantCulture));
    }

    private static void Take(ActivityContext context, int index)
    {
        context.CancelChildren();
        context.Set(TransitionKey, index);
        if (context.Node.Branch($"transitions[{index}].action") is { } action)
            context.Schedule(action, Action);
        else
            Leave(context);
    }

    private static void Leave(ActivityContext context)
    {
        var index = Listed(context.Node, "states").FindIndex(s => NameOf(s) == context.Get<string>(StateKey));
        if (context.Node.Branch($"states[{index}].exit") is { } exit)
            context.Schedule(exit, Exit);
        else
            Enter(context, Target(context));
    }

    private static bool Holds(ActivityContext context, int index) =>
        !context.Node.Inputs.TryGetValue($"transitions[{index}].condition", out var condition) || context.Evaluate<bool>(condition.Evaluate);

    private static string Target(ActivityContext context) =>
        ValueConverter.Text(Listed(context.Node, "transitions")[context.Get<int>(TransitionKey)]["to"]) ?? "";

    private static IEnumerable<int> Outbound(ActivityContext context)
    {
        var (transitions, state) = (Listed(context.Node, "transitions"), context.Get<string>(StateKey));
        return Enumerable.Range(0, transitions.Count).Where(i => ValueConverter.Text(transitions[i]["from"]) == state);
    }

    private static List<JsonObject> Listed(ActivityNode node, string member) => [.. (node.Json[member] as JsonArray ?? []).OfType<JsonObject>()];

    private static string NameOf(JsonObject state) => ValueConverter.Text(state["name"]) ?? ValueConverter.Text(state["id"]) ?? "";
}
