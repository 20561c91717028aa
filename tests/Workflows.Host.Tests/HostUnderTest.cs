using System.Data.Common;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Workflows.Host.Hosting;
using Workflows.Persistence;
using Workflows.Persistence.Databases;
using Workflows.Persistence.Migrations;
using Workflows.Testing;

namespace Workflows.Host.Tests;

/// <summary>A real host on a free port with a database of its own, as a program would meet it.</summary>
public sealed class HostUnderTest : IAsyncDisposable
{
    private readonly HostDatabase? _database;
    private readonly Dictionary<string, string> _tokens = [];

    private HostUnderTest(WebApplication app, HostDatabase? database)
    {
        (App, _database) = (app, database);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public WebApplication App { get; }

    public Uri Address { get; }

    public T Service<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    /// <summary>Starts a host on a database of its own.</summary>
    public static async Task<HostUnderTest> StartAsync(DatabaseKind kind = DatabaseKind.Sqlite, string environment = "Development", params (string Name, string Value)[] settings)
    {
        // What it is told about seeding changes what a first start leaves behind.
        var database = environment == "Development" && !settings.Any(s => s.Name.StartsWith("Workflows:Host:", StringComparison.Ordinal)) ? await HostDatabase.CreateSeededAsync(kind) : await HostDatabase.CreateAsync(kind);
        return new HostUnderTest(await StartAppAsync(database, environment, settings), database);
    }

    /// <summary>Starts a host in whose database it is a certain time, so that a case can be played on the dates it is told with.</summary>
    public static async Task<HostUnderTest> StartAtAsync(DatabaseKind kind, DateTimeOffset time, params (string Name, string Value)[] settings)
    {
        var database = await HostDatabase.CreateAsync(kind);
        await database.SetTimeAsync(time);
        return new HostUnderTest(await StartAppAsync(database, "Development", settings), database);
    }

    /// <summary>One more host on the same database.</summary>
    public async Task<HostUnderTest> JoinAsync() => new(await StartAppAsync(_database!, "Development"), null);

    /// <summary>Stops this host, whatever it is at, and starts another on the same database, which is then that one's; at this time of the business, when given.</summary>
    public async Task<HostUnderTest> RestartAsync(DateTimeOffset? at = null)
    {
        await App.StopAsync();
        await App.DisposeAsync();
        if (at is { } time)
            await _database!.SetTimeAsync(time);
        return await StartOnAsync(_database!);
    }

    /// <summary>Starts a host on a database that is there, which is then the host's.</summary>
    internal static async Task<HostUnderTest> StartOnAsync(HostDatabase database) => new(await StartAppAsync(database, "Development"), database);

    internal static async Task<WebApplication> StartAppAsync(HostDatabase database, string environment, params (string Name, string Value)[] settings)
    {
        var app = BuildApp(database, environment, settings);
        try
        {
            await app.StartAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    internal static WebApplication BuildApp(HostDatabase database, string environment, params (string Name, string Value)[] settings) =>
        HostApplication.Build(["--environment", environment, "--urls", "http://127.0.0.1:0", "--contentRoot", Repository.Root], builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.Error);
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Workflows:DataDirectory"] = database.Folder,
                ["Workflows:Database:Provider"] = database.Kind.ToString(),
                ["Workflows:Database:ConnectionString"] = database.ConnectionString,
                ["Workflows:Engine:PollInterval"] = "00:00:00.200",
                ["Workflows:Engine:RecoveryInterval"] = "00:00:01",
            });
            builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value)));
        });

    /// <summary>A client without a sign-in.</summary>
    public HttpClient Anonymous() => new() { BaseAddress = Address };

    /// <summary>A client signed in as one of the demo people.</summary>
    public async Task<HttpClient> AsAsync(string user)
    {
        if (!_tokens.TryGetValue(user, out var token))
        {
            using var anonymous = Anonymous();
            var answer = await anonymous.PostAsJsonAsync("/api/v1/tokens", new { userName = user, password = "demo" }, TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            _tokens[user] = token = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["accessToken"]!;
        }

        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Does to the data what no program of ours would: damage that has to be found.</summary>
    public Task SqlAsync(string sql) => _database!.SqlAsync(sql);

    /// <summary>Sign-ins end after hours of business time; whoever comes next signs in anew.</summary>
    public void SignOutAll() => _tokens.Clear();

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }
}

/// <summary>A database for hosts only: SQLite's file belongs to one process part, so nobody else may have it open.</summary>
internal sealed class HostDatabase(PersistenceOptions options) : IAsyncDisposable
{
    private static readonly Dictionary<DatabaseKind, DatabaseTemplate> Seeded = Enum.GetValues<DatabaseKind>().ToDictionary(kind => kind, kind => new DatabaseTemplate(kind, SeedAsync));

    public DatabaseKind Kind => options.Database.Provider;

    public string Folder => options.DataDirectory;

    public string? ConnectionString => options.Database.ConnectionString;

    /// <summary>One that no host has seen.</summary>
    public static async Task<HostDatabase> CreateAsync(DatabaseKind kind) => new(await DatabaseTemplate.EmptyAsync(kind));

    /// <summary>One as the first host of a development left it; its people, shop and published processes are most of a start.</summary>
    public static async Task<HostDatabase> CreateSeededAsync(DatabaseKind kind) => new(await Seeded[kind].CopyAsync());

    private static async Task SeedAsync(PersistenceOptions options)
    {
        await using var app = await HostUnderTest.StartAppAsync(new HostDatabase(options), "Development");
        await app.StopAsync();
    }

    /// <summary>Sets the business clock, back too, which no host may; before the first host opens the database.</summary>
    public async Task SetTimeAsync(DateTimeOffset time)
    {
        await using var database = PersistenceRegistration.Open(options);
        await new Migrator(database).MigrateAsync(CancellationToken.None);
        var now = await database.FirstAsync("read_business_clock", SqlArgs.None, row => DateTimeOffset.UnixEpoch.AddTicks(row.GetInt64(0) * TimeSpan.TicksPerMicrosecond), CancellationToken.None);
        await database.ChangeAsync("advance_business_clock", new() { ["by"] = time - now }, row => row.GetInt64(0), CancellationToken.None);
    }

    public async Task SqlAsync(string sql)
    {
        await using DbConnection connection = Kind == DatabaseKind.Postgres
            ? new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString)
            : new SqliteConnection($"Data Source={Directory.GetFiles(Folder, "*.db").Single()};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync() => await DatabaseTemplate.DropAsync(options);
}

/// <summary>Short words for requests in tests.</summary>
internal static class Requests
{
    public static async Task<(int Status, JsonNode? Body, HttpResponseMessage Response)> SendAsync(
        this HttpClient client, HttpMethod method, string address, object? body = null, string? key = null, string? ifMatch = null, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content ?? (body is null ? null : JsonContent.Create(body)) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var isJson = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;
        return ((int)response.StatusCode, isJson && text.Length > 0 ? JsonNode.Parse(text) : null, response);
    }

    public static Task<(int Status, JsonNode? Body, HttpResponseMessage Response)> GetAsync(this HttpClient client, string address, bool json) =>
        client.SendAsync(HttpMethod.Get, address);

    public static Task<(int Status, JsonNode? Body, HttpResponseMessage Response)> PostAsync(this HttpClient client, string address, object? body = null, string? key = null, string? ifMatch = null) =>
        client.SendAsync(HttpMethod.Post, address, body, key, ifMatch);
}
