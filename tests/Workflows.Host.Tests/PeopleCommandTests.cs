using Workflows.Host.Hosting;
using Workflows.Persistence.Databases;

namespace Workflows.Host.Tests;

/// <summary>The first administrator of an installation is made on the command line, once, and signs in to a host in Production.</summary>
public abstract class PeopleCommandTests(DatabaseKind kind)
{
    private const string Password = "correct horse 8 battery";

    [Fact]
    public async Task The_first_administrator_is_made_once_and_signs_in_to_production()
    {
        await using var database = await HostDatabase.CreateAsync(kind);

        Assert.Equal((0, ""), (await RunAsync(database, Password, "boss", "--name", "老板")) is var made ? (made.Code, made.Errors) : default);
        Assert.DoesNotContain(Password, made.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync(database, Password, "boss")).Code);
        var second = await RunAsync(database, Password, "intruder");
        Assert.Equal((1, true), (second.Code, second.Errors.Contains("已有管理员 boss", StringComparison.Ordinal)));

        await using var app = await ServeAsync(database);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var token = await client.PostAsync("/api/v1/tokens", new { userName = "boss", password = Password });
        Assert.Equal(200, token.Status);
        client.DefaultRequestHeaders.Authorization = new("Bearer", (string)token.Body!["accessToken"]!);
        var record = (await client.SendAsync(HttpMethod.Get, "/api/v1/organisation/audit")).Body!["items"]!.AsArray().Single(a => (string?)a!["kind"] == "first-admin")!;
        Assert.Equal(("program:command-line", "boss"), ((string?)record["by"], (string?)record["subject"]));
    }

    [Fact]
    public async Task Without_a_password_one_is_made_and_shown_once()
    {
        await using var database = await HostDatabase.CreateAsync(kind);
        var made = await RunAsync(database, "", "boss");
        Assert.Equal(0, made.Code);
        var password = made.Output.Trim().Split('\n')[^1].Trim();

        await using var app = await ServeAsync(database);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Assert.Equal(200, (await client.PostAsync("/api/v1/tokens", new { userName = "boss", password })).Status);
    }

    [Theory]
    [InlineData("short", 1, "boss")]
    [InlineData("boss boss boss boss 1", 1, "boss")]
    [InlineData(Password, 2, "a:b")]
    [InlineData(Password, 2)]
    [InlineData(Password, 2, "--name", "x")]
    public async Task What_is_unsafe_or_unclear_makes_nobody(string password, int code, params string[] args)
    {
        await using var database = await HostDatabase.CreateAsync(kind);

        var refused = await RunAsync(database, password, args);

        Assert.Equal((code, ""), (refused.Code, refused.Output));
        Assert.NotEmpty(refused.Errors);
        Assert.DoesNotContain(Password, refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_that_somebody_has_already_is_not_taken_over()
    {
        await using var database = await HostDatabase.CreateAsync(kind);
        await (await HostUnderTest.StartAppAsync(database, "Development")).DisposeAsync();

        Assert.Equal(1, (await RunAsync(database, Password, "finance")).Code);
    }

    // The clusters of these tests do not wait for the disk, which Production refuses.
    private static Task<Microsoft.AspNetCore.Builder.WebApplication> ServeAsync(HostDatabase database) => database.Kind == DatabaseKind.Sqlite
        ? HostUnderTest.StartAppAsync(database, "Production")
        : HostUnderTest.StartAppAsync(database, "Development", ("Workflows:Host:SeedDemo", "false"));

    private static async Task<(int Code, string Output, string Errors)> RunAsync(HostDatabase database, string input, params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        string[] settings =
        [
            "--Workflows:DataDirectory", database.Folder, "--Workflows:Database:Provider", database.Kind.ToString(),
            .. database.ConnectionString is { } connection ? (string[])["--Workflows:Database:ConnectionString", connection] : [],
        ];
        var code = await PeopleCommand.RunAsync(["add-admin", .. args, .. settings], new StringReader(input + "\n"), output, errors, TestContext.Current.CancellationToken);
        return (code, output.ToString(), errors.ToString());
    }
}

public sealed class SqlitePeopleCommandTests() : PeopleCommandTests(DatabaseKind.Sqlite);

public sealed class PostgresPeopleCommandTests() : PeopleCommandTests(DatabaseKind.Postgres);
