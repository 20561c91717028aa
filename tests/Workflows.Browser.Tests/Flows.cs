using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Workflows.Browser.Tests;

/// <summary>Small processes for the tests of pages, sent and started as a program would.</summary>
internal static class Flows
{
    /// <summary>An approval by the supervisor, who may approve several at once, and after it one by the manager of the shop.</summary>
    public const string Two = "browser_two_steps";

    /// <summary>A form that finance fills in.</summary>
    public const string Form = "browser_form";

    /// <summary>An approval that anybody of two roles may take out of the queue.</summary>
    public const string Queue = "browser_queue";

    /// <summary>An approval by whoever the application names.</summary>
    public const string Named = "browser_named";

    private static readonly string[] Documents =
    [
        Sequence(Named, "点名审批", """
            {"id":"do","type":"Human.Approval","version":1,"title":{"typeName":"String","expression":{"type":"Literal","value":"点名审批"}},
             "users":{"typeName":"String[]","expression":{"type":"JavaScript","value":"[getInput('note')]"}}}
            """),
        Sequence(Two, "采购申请", Approval("first", "主管审批", "supervisor", "true"), Approval("second", "经理审批", "store_ops_manager", "false")),
        Sequence(Form, "对账", """
            {"id":"do","type":"Human.Task","version":1,"title":{"typeName":"String","expression":{"type":"Literal","value":"填写对账单"}},
             "users":{"typeName":"String[]","expression":{"type":"Object","value":"[\"finance\"]"}},
             "form":{"typeName":"Object","expression":{"type":"Object","value":"{\"type\":\"object\",\"required\":[\"note\",\"amount\"],\"properties\":{\"note\":{\"type\":\"string\",\"title\":\"说明\",\"maxLength\":400},\"amount\":{\"type\":\"number\",\"x-widget\":\"money\",\"title\":\"金额\"},\"lines\":{\"type\":\"array\",\"title\":\"明细\",\"items\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\",\"title\":\"品名\"},\"count\":{\"type\":\"integer\",\"title\":\"数量\"}}}}}}"}}}
            """),
        Sequence(Queue, "值班处理", """
            {"id":"do","type":"Human.Approval","version":1,"title":{"typeName":"String","expression":{"type":"Literal","value":"值班审批"}},
             "roles":{"typeName":"String[]","expression":{"type":"Object","value":"[\"duty_manager\",\"cs_manager\"]"}}}
            """),
    ];

    private static readonly SemaphoreSlim Publishing = new(1, 1);
    private static readonly HashSet<Uri> Published = [];

    /// <summary>A client of the API, signed in.</summary>
    public static async Task<HttpClient> AsAsync(BrowserUnderTest host, string user)
    {
        var client = new HttpClient { BaseAddress = host.Address };
        var answer = await client.PostAsJsonAsync("/api/v1/tokens", new { userName = user, password = "demo" }, TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)body!["accessToken"]!);
        return client;
    }

    /// <summary>Starts an instance of one of these and answers its id.</summary>
    public static async Task<string> StartAsync(BrowserUnderTest host, string definition, string by, string note)
    {
        await PublishAsync(host);
        using var client = await AsAsync(host, by);
        return (string)(await PostAsync(client, "/api/v1/instances", new { definitionId = definition, name = note, input = new { note, amount = 128 } }))["id"]!;
    }

    /// <summary>Sends the definitions once.</summary>
    public static async Task PublishAsync(BrowserUnderTest host)
    {
        await Publishing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!Published.Add(host.Address))
                return;
            using var manager = await AsAsync(host, "workflow_manager");
            foreach (var document in Documents)
                await PostAsync(manager, "/api/v1/definitions?publish=true", JsonNode.Parse(document));
        }
        finally
        {
            Publishing.Release();
        }
    }

    public static async Task<JsonNode> PostAsync(HttpClient client, string address, object? body)
    {
        using var answer = await client.PostAsJsonAsync(address, body, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    private static string Approval(string id, string title, string role, string bulk) => $$$"""
        {"id":"{{{id}}}","type":"Human.Approval","version":1,"title":{"typeName":"String","expression":{"type":"Literal","value":"{{{title}}}"}},
         "roles":{"typeName":"String[]","expression":{"type":"Object","value":"[\"{{{role}}}\"]"}},
         "allowBulk":{"typeName":"Boolean","expression":{"type":"Literal","value":"{{{bulk}}}"}},
         "dueIn":{"typeName":"TimeSpan","expression":{"type":"Literal","value":"1.00:00:00"}},
         "content":{"typeName":"Object","expression":{"type":"JavaScript","value":"({'事由': getInput('note'), '金额': getInput('amount')})"} } }
        """;

    private static string Sequence(string id, string name, params string[] activities) => $$$"""
        {"definitionId":"{{{id}}}","name":"{{{name}}}","version":1,
         "inputs":[{"name":"note","displayName":"事由","type":"String","uiHint":"multiline"},{"name":"amount","displayName":"金额","type":"Decimal"}],
         "customProperties":{"category":"report"},
         "root":{"id":"root","type":"Elsa.Sequence","version":1,"activities":[ {{{string.Join(',', activities)}}} ] } }
        """;
}
