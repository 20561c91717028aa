using System.Text.Json.Nodes;
using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;

namespace Workflows.Engine.Tests.Definitions;

/// <summary>Activities just real enough to define workflows with.</summary>
internal static class Samples
{
    public static ActivityCatalogue Catalogue { get; } = new(typeof(Samples).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(Activity))));

    public static DefinitionDocument Document(string json) => DefinitionReader.Read(json) switch
    {
        ReadResult.Read read => read.Document,
        ReadResult.Refused refused => throw new InvalidOperationException(string.Join("; ", refused.Problems)),
        _ => throw new InvalidOperationException(),
    };

    public static WorkflowGraph Graph(string json, DefinitionResolver? resolve = null) =>
        GraphCompiler.Compile(Document(json), Catalogue, ExpressionLanguages.BuiltIn, resolve);

    /// <summary>A definition whose root is a flowchart with these activities and "a.Done>b" connections.</summary>
    public static string Flow(string activities, params string[] connections) => $$"""
        {
          "definitionId": "sample", "id": "sample-1", "name": "Sample",
          "variables": [{ "id": "v1", "name": "Approved", "typeName": "Boolean", "value": "false", "storageDriverTypeName": "WorkflowInstance" }],
          "inputs": [{ "name": "OrderId", "type": "String" }],
          "root": { "id": "fc", "type": "Elsa.Flowchart", "version": 1, "activities": [{{activities}}], "connections": [{{string.Join(",", connections.Select(Connection))}}] }
        }
        """;

    private static string Connection(string text)
    {
        var (source, target) = (text.Split('>')[0], text.Split('>')[1]);
        return $$"""{ "source": { "activity": "{{source.Split('.')[0]}}", "port": "{{source.Split('.')[1]}}" }, "target": { "activity": "{{target}}", "port": "In" } }""";
    }

    [Activity("Elsa.Flowchart", Category = "Flow", Zh = "流程图", En = "Flowchart", IsContainer = true)]
    public sealed class Flowchart : Activity
    {
        [Branch]
        public IReadOnlyList<ActivityNode> Activities { get; set; } = [];

        public override void Execute(ActivityContext context)
        {
            if (Activities.Count == 0)
                context.Complete();
            else
                context.Schedule(Activities[0]);
        }
    }

    /// <summary>Runs its children in order.</summary>
    [Activity("Elsa.Sequence", Category = "Flow", Zh = "顺序", En = "Sequence", IsContainer = true)]
    public sealed class Sequence : Activity
    {
        [Branch]
        public IReadOnlyList<ActivityNode> Activities { get; set; } = [];

        public override void Execute(ActivityContext context) => Next(context);

        public override void ChildCompleted(ActivityContext context, ChildCompletion child) => Next(context);

        private void Next(ActivityContext context)
        {
            var index = context.Get<int>("index");
            context.Set("index", index + 1);
            if (index < Activities.Count)
                context.Schedule(Activities[index]);
            else
                context.Complete();
        }
    }

    [Activity("Elsa.Start", Category = "Flow", Zh = "开始", En = "Start", IsStart = true)]
    public sealed class Start : CodeActivity
    {
        protected override void Run(ActivityContext context)
        {
        }
    }

    [Activity("Elsa.WriteLine", Category = "Test", Zh = "输出", En = "Write line")]
    public sealed class WriteLine : CodeActivity
    {
        [Input(Zh = "文本", Required = true)]
        public string? Text { get; set; }

        protected override void Run(ActivityContext context) => context.Journal("Line", Text);
    }

    [Activity("Elsa.Event", Category = "Test", Zh = "事件", En = "Event", Kind = ActivityKind.Trigger)]
    public sealed class Event : Activity
    {
        [Input(Zh = "事件名")]
        public string? EventName { get; set; }

        [Output]
        public JsonNode? Result { get; set; }

        public override void Execute(ActivityContext context) => context.Wait("Elsa.Event", new JsonObject { [nameof(EventName)] = EventName }, shared: true);

        public override IEnumerable<TriggerStimulus> Triggers(ActivityNode node) => [new TriggerStimulus("Elsa.Event", new JsonObject { [nameof(EventName)] = EventName })];
    }

    [Activity("Elsa.If", Category = "Flow", Zh = "如果", En = "If", IsContainer = true)]
    public sealed class If : Activity
    {
        [Input]
        public bool Condition { get; set; }

        [Branch]
        public ActivityNode? Then { get; set; }

        [Branch]
        public ActivityNode? Else { get; set; }

        public override void Execute(ActivityContext context)
        {
            if ((Condition ? Then : Else) is { } next)
                context.Schedule(next);
            else
                context.Complete();
        }
    }

    [Activity("Elsa.FlowDecision", Category = "Flow", Zh = "判断", En = "Decision")]
    [Outcome("True")]
    [Outcome("False")]
    public sealed class FlowDecision : CodeActivity
    {
        [Input]
        public bool Condition { get; set; }

        protected override void Run(ActivityContext context) => context.Complete(Condition ? "True" : "False");
    }

    [Activity("Elsa.Switch", Category = "Flow", Zh = "分支", En = "Switch", IsContainer = true)]
    public sealed class Switch : Activity
    {
        [Input(Wrapped = false)]
        public JsonArray? Cases { get; set; }

        [Branch]
        public ActivityNode? Default { get; set; }

        public override void Execute(ActivityContext context) => context.Complete();
    }

    [Activity("Elsa.SetOutput", Category = "Test", Zh = "设置输出", En = "Set output")]
    public sealed class SetOutput : CodeActivity
    {
        [Input]
        public string? OutputName { get; set; }

        [Input]
        public JsonNode? OutputValue { get; set; }

        protected override void Run(ActivityContext context) => context.SetWorkflowOutput(OutputName!, OutputValue);
    }

    [Activity("Test.Echo", Category = "Test", Zh = "回声", En = "Echo")]
    public sealed class Echo : CodeActivity
    {
        [Input]
        public JsonNode? Value { get; set; }

        [Output]
        public JsonNode? Result { get; set; }

        protected override void Run(ActivityContext context) => Result = Value?.DeepClone();
    }

    [Activity("Elsa.Complete", Category = "Test", Zh = "完成", En = "Complete", IsTerminal = true)]
    public sealed class Complete : Activity
    {
        [Input]
        public string? Outcome { get; set; }

        public override void Execute(ActivityContext context)
        {
            context.Send(new Signal.CompleteComposite([Outcome ?? "Done"]));
            context.Complete();
        }
    }

    [Activity("Elsa.FlowJoin", Category = "Flow", Zh = "汇合", En = "Join")]
    public sealed class FlowJoin : CodeActivity
    {
        [Input]
        public JoinMode Mode { get; set; }

        protected override void Run(ActivityContext context)
        {
        }
    }

    public enum JoinMode
    {
        WaitAny,
        WaitAll,
    }

    [Activity("Test.Picky", Category = "Test", Zh = "挑剔", En = "Picky")]
    public sealed class Picky : CodeActivity
    {
        [Input]
        public int Count { get; set; }

        [Input]
        public TimeSpan Wait { get; set; }

        public override IEnumerable<NodeFault> Validate(ActivityNode node) => node.Inputs.ContainsKey("count") ? [] : [new NodeFault("picky", "缺少数量", "count is missing")];

        protected override void Run(ActivityContext context)
        {
        }
    }

    [Activity("Elsa.Cron", Category = "Test", Zh = "定时", En = "Cron", Kind = ActivityKind.Trigger)]
    public sealed class Cron : Activity
    {
        [Input]
        public string? CronExpression { get; set; }

        public override IEnumerable<NodeFault> Validate(ActivityNode node) =>
            Engine.Timers.CronExpression.TryParse(CronExpression, out _, out var error) ? [] : [new NodeFault("bad-cron", error, error)];

        public override void Execute(ActivityContext context) => context.WaitUntil(context.Now.AddHours(1));

        public override IEnumerable<TriggerStimulus> Triggers(ActivityNode node) => [new TriggerStimulus("Elsa.Cron", new JsonObject { [nameof(CronExpression)] = CronExpression })];
    }

    [Activity("Elsa.HttpEndpoint", Category = "Test", Zh = "HTTP 入口", En = "HTTP endpoint", Kind = ActivityKind.Trigger)]
    public sealed class HttpEndpoint : Activity
    {
        [Input]
        public string? Path { get; set; }

        public override void Execute(ActivityContext context) => context.Wait("Elsa.HttpEndpoint", new JsonObject { [nameof(Path)] = Path });

        public override IEnumerable<TriggerStimulus> Triggers(ActivityNode node) => [new TriggerStimulus("Elsa.HttpEndpoint", new JsonObject { [nameof(Path)] = Path, ["Method"] = "get" })];
    }

    [Activity("Elsa.SetVariable", Category = "Test", Zh = "设置变量", En = "Set variable")]
    public sealed class SetVariable : CodeActivity
    {
        [Input(Wrapped = false, Hint = "variable-picker")]
        public JsonNode? Variable { get; set; }

        [Input]
        public JsonNode? Value { get; set; }

        protected override void Run(ActivityContext context) => context.SetVariable((string)Variable!["id"]!, Value);
    }

    [Activity("Test.Broken", Category = "Test", Zh = "坏的", En = "Broken", Kind = ActivityKind.Trigger)]
    public sealed class Broken : CodeActivity
    {
        public override IEnumerable<NodeFault> Validate(ActivityNode node) => throw new InvalidOperationException("no");

        public override IEnumerable<TriggerStimulus> Triggers(ActivityNode node) => throw new InvalidOperationException("no");

        protected override void Run(ActivityContext context)
        {
        }
    }
}
