using Workflows.Engine.Authoring;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;
using Workflows.Engine.Outbox;
using Workflows.Testing;
using static Workflows.Testing.Flow;

namespace Workflows.Activities.Tests;

public sealed class FailedCallTests
{
    [Fact]
    public void What_a_failed_call_asked_for_leaves_once_with_the_try_that_succeeds()
    {
        var document = DefinitionReader.ReadStored(new Flow(Sequence("s", Step("Test.TellsThenFails", "t"), Line("end"))).ContinuingWithIncidents().ToJson().ToJsonString());
        var catalogue = ActivityCatalogue.Of(typeof(ActivityRegistration).Assembly, typeof(FailedCallTests).Assembly);
        var run = new InMemoryRun(GraphCompiler.Compile(document, catalogue, ExpressionLanguages.BuiltIn));
        run.Start();
        Assert.Single(run.Instance.Incidents);
        Assert.Empty(run.Effects);

        run.Apply(new Stimulus.Retry("op"));

        Assert.Equal("test.notice", Assert.Single(run.Effects).Kind);
        Assert.Equal("end", run.Lines);
    }

    /// <summary>Fails at its first try, after it has asked for a notice.</summary>
    [Activity("Test.TellsThenFails", Category = "Test", Zh = "先通知后失败", En = "Tells, then fails")]
    public sealed class TellsThenFails : CodeActivity
    {
        protected override void Run(ActivityContext context)
        {
            context.Perform("test.notice", null, EffectClass.Notice, wait: false);
            if (context.Execution.Attempt == 1)
                throw new ActivityFailure("first", "第一次失败");
        }
    }
}
