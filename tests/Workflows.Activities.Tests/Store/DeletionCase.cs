using System.Text.Json.Nodes;
using Workflows.Activities.Store;
using Workflows.Engine.Definitions;
using Workflows.Engine.Execution;
using Workflows.Engine.Expressions;
using Workflows.Engine.Expressions.JavaScript;
using Workflows.Engine.Organisation;
using Workflows.Engine.Outbox;
using Workflows.Engine.Storage;
using Workflows.Engine.Store;
using Workflows.Engine.UserTasks;
using Workflows.Persistence.Databases;
using Workflows.Persistence.Store;
using Workflows.Testing;

namespace Workflows.Activities.Tests.Store;

/// <summary>The shipped definition, run burst by burst in memory against a real shop in SQLite.</summary>
internal sealed class DeletionCase : IAsyncDisposable
{
    public const string Promotion = "P-1";
    public const string Name = "满300减50返场";
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private readonly TestDatabase _database;
    private readonly StoreChannel _channel;
    private readonly ManualClock _clock;

    private DeletionCase(TestDatabase database)
    {
        _database = database;
        _clock = new ManualClock(Run.Now);
        Shop = new EmbeddedStore(database.Database, _clock);
        _channel = new StoreChannel(Shop);
    }

    public InMemoryRun Run { get; } = new InMemoryRun(Compile(), Organisation()).InitiatedBy("activity_owner")
        .WithInput("promotionId", Promotion)
        .WithInput("activityName", Name)
        .WithInput("reason", "活动效果不佳")
        .WithInput("impactReport", "影响可控")
        .WithInput("riskReport", "投诉风险：提前说明");

    public EmbeddedStore Shop { get; }

    /// <summary>Set by a test that means them; otherwise an incident is reported where it arises.</summary>
    public bool AllowsIncidents { get; set; }

    public string? EndState => (string?)Run.Instance.Output.GetValueOrDefault("endState");

    public IReadOnlyList<StoreRow> Before { get; private set; } = [];

    /// <summary>Effects that were asked for and are not the shop's: messages.</summary>
    public IEnumerable<Effect> Notices => Run.Effects.Where(e => !_channel.Accepts(e.Kind));

    private static bool IsUndo(Effect effect) => effect.Payload is JsonObject payload && payload.ContainsKey("undo");

    public IEnumerable<string> Visited => Run.Journal.Where(e => e.Event == "Completed").Select(e => e.NodeId![(e.NodeId!.LastIndexOf(':') + 1)..]);

    public static WorkflowGraph Compile() => GraphCompiler.Compile(
        DefinitionReader.ReadStored(File.ReadAllText(Path.Combine(Repository.Root, "definitions", "promotion", "activity_deletion.json"))),
        ActivityRegistration.Catalogue(),
        new ExpressionLanguages([new JavaScriptLanguage()]));

    public static async Task<DeletionCase> OpenAsync()
    {
        var opened = new DeletionCase(await TestDatabase.CreateAsync(DatabaseKind.Sqlite));
        var now = opened.Run.Now;
        await opened.Shop.SaveAsync([new Promotion(Promotion, Name, "满减", now.AddDays(-10), now.AddDays(10), new JsonObject { ["rule"] = "满300减50" }, "cache")], Token);
        await opened.Shop.SaveAsync([.. Enumerable.Range(1, 30).Select(n => new Participant(Promotion, $"C{n}", $"顾客{n}", $"100{n:00000000}", now.AddDays(-1)))], Token);
        await opened.Shop.SaveAsync([.. Enumerable.Range(1, 50).Select(n => new PromotionTransaction(Promotion, $"T{n}", $"C{(n % 30) + 1}", now.AddHours(-n), 300 + n, 50))], Token);
        await opened.Shop.SaveAsync([.. Enumerable.Range(0, 400).Select(n => new SalesLine(
            [.. BitConverter.GetBytes(n), .. new byte[12]], $"I{n}", "A1", null, 1, now.AddHours(-n), 10, $"C{n % 30}", null, false))], Token);
        opened.Before = await opened.Shop.ReadRowsAsync(Promotion, Token);
        return opened;
    }

    /// <summary>Starts, and lets the shop do what it was asked for.</summary>
    public async Task StartAsync()
    {
        Run.Start();
        await SettleAsync();
    }

    /// <summary>A person acts on the open task; a refusal by the rules is the test's mistake.</summary>
    public async Task ActAsync(string user, string action = "complete", string? comment = null, JsonNode? form = null)
    {
        Assert.IsType<BurstResult.Changed>(Run.Act(user, action, comment, form));
        await SettleAsync();
    }

    public TaskVerdict Refusal(string user, string action, string? comment = null, JsonNode? form = null) =>
        Assert.IsType<BurstResult.Refused>(Run.Act(user, action, comment, form)).Verdict;

    public async Task AdvanceAsync(TimeSpan by)
    {
        // In steps, so that the shop's clock follows and a checkpoint's effect is settled at its own time.
        for (var left = by; left > TimeSpan.Zero; left -= TimeSpan.FromHours(1))
        {
            var step = left < TimeSpan.FromHours(1) ? left : TimeSpan.FromHours(1);
            Run.Advance(step);
            await SettleAsync();
        }
    }

    public async Task PublishRollbackAsync()
    {
        Run.Publish("activity_deletion.rollback_requested", new JsonObject { ["reason"] = "转化率下降" });
        await SettleAsync();
    }

    /// <summary>The notice to the parties runs beside the case; here it ends as told.</summary>
    public Task EndNoticeAsync(string endState = "complete") => EndChildAsync(new JsonObject
    {
        ["endState"] = endState,
        ["sentAt"] = Run.Now.ToString("O"),
        ["contacts"] = new JsonArray("yunjin@supplier.example"),
        ["announcement"] = "A-1",
    });

    /// <summary>So does the evaluation of the effect.</summary>
    public Task EndEvaluationAsync(string endState = "aim_reached") => EndChildAsync(new JsonObject { ["endState"] = endState, ["snapshots"] = new JsonArray(new JsonObject { ["day"] = 1 }) });

    /// <summary>A process the case started and waits for ends.</summary>
    public async Task EndChildAsync(JsonObject output)
    {
        var start = Run.Effects.Last(e => e.Kind == "engine.start");
        var child = (string)start.Payload!["childInstanceId"]!;
        Run.Settle("engine.start", new EffectOutcome.Done(null));
        var waiting = Run.Instance.Bookmarks.Single(b => b.Tag == child);
        Run.Apply(new Stimulus.Resume(waiting.Id, new JsonObject
        {
            ["child"] = child,
            ["status"] = "Finished",
            ["subStatus"] = "Finished",
            ["output"] = output,
        }));
        await SettleAsync();
    }

    /// <summary>Both approvals, the notices, the backup: up to the first confirmation.</summary>
    public async Task GoToConfirmationAsync()
    {
        await StartAsync();
        await ActAsync("supervisor", "approve");
        await ActAsync("store_ops_manager", "approve");
        await EndNoticeAsync();
        await AdvanceAsync(TimeSpan.FromDays(1));
    }

    public JsonObject Confirmation() => new() { ["promotionName"] = Name, ["backupId"] = Run.OpenTask.Form!["properties"]!["backupId"]!["const"]!.DeepClone() };

    /// <summary>Up to the look for residue that follows the clearing.</summary>
    public async Task GoToVerificationAsync()
    {
        await GoToConfirmationAsync();
        await ActAsync("deletion_operator", form: Confirmation());
        await ActAsync("activity_owner", form: Confirmation());
        await ActAsync("deletion_operator", form: Confirmation());
        await ActAsync("taobao_tech_support", form: new JsonObject { ["result"] = "执行清理" });
    }

    /// <summary>What somebody saw when clearing or looking, instead of what should be.</summary>
    public async Task SawAsync(string user, string result)
    {
        // A report on lost data may be open beside it.
        var task = Run.Instance.Tasks.Single(t => t.Form?["properties"]?["result"] is not null);
        Assert.IsType<BurstResult.Changed>(Run.Act(user, "complete", null, new JsonObject { ["result"] = result }, task));
        await SettleAsync();
    }

    /// <summary>A person looks as well, and sends the messages.</summary>
    public async Task PassVerificationAsync()
    {
        await ActAsync("activity_owner", form: new JsonObject { ["result"] = "页面已无法打开，数据无误" });
        await ActAsync("activity_owner", form: new JsonObject());
    }

    /// <summary>Up to the passed verification and the messages.</summary>
    public async Task GoToEvaluationAsync()
    {
        await GoToVerificationAsync();
        await PassVerificationAsync();
    }

    public Task SqlAsync(string sql) => _database.ExecuteAsync(sql);

    public Task<IReadOnlyList<StoreRow>> RowsAsync() => Shop.ReadRowsAsync(Promotion, Token);

    public async Task SettleAsync()
    {
        while (Run.Effects.FirstOrDefault(e => _channel.Accepts(e.Kind) || IsUndo(e)) is { } effect)
        {
            // Calling off the notice is an undo that the message channel carries.
            if (!_channel.Accepts(effect.Kind))
            {
                Run.Apply(new Stimulus.EffectDone(effect.Key, effect.BookmarkId, new EffectOutcome.Done(null)));
                continue;
            }

            _clock.Advance(Run.Now - _clock.GetUtcNow());
            var outcome = await _channel.PerformAsync(effect, 1, Token);
            // Asked twice, as after a lost answer: the second answer must be the same, and nothing may happen twice.
            if (outcome is EffectOutcome.Done done)
                Assert.Equal(done.Result!.ToJsonString(), Assert.IsType<EffectOutcome.Done>(await _channel.PerformAsync(effect, 2, Token)).Result!.ToJsonString());
            Run.Apply(new Stimulus.EffectDone(effect.Key, effect.BookmarkId, outcome));
            if (!AllowsIncidents)
                Assert.Empty(Run.Instance.Incidents.Select(i => $"{i.NodeId}: {i.Message} {i.Detail}"));
        }
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static OrganisationSnapshot Organisation() => new(new[]
    {
        ("activity_owner", "supervisor"), ("supervisor", "store_ops_manager"), ("store_ops_manager", "ops_director"), ("ops_director", "executive"),
        ("executive", null), ("deletion_operator", "activity_owner"), ("tech_support", "tech_director"), ("tech_director", "executive"), ("taobao_tech_support", null),
    }.Select(p => new Person(p.Item1, p.Item1, p.Item2, $"{p.Item1}@shop.example", "10000000000", [p.Item1])));
}
