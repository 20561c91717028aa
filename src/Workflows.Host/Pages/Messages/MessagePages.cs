using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Engine.Messages;
using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Engine.Timers;
using Workflows.Host.Api;
using Workflows.Host.Messages;
using Workflows.Host.Pages.Text;
using Workflows.Host.Security;
using Delivery = Workflows.Engine.Messages.Delivery;

namespace Workflows.Host.Pages.Messages;

/// <summary>发件箱 and what belongs to it for operators, templates for designers, preferences for everybody, and the page where an SMS's code is typed in.</summary>
internal static class MessagePages
{
    private const int PageSize = 40;

    /// <summary>Opens nothing but the mail itself: no scripts, nothing loaded, no way out of its frame.</summary>
    private const string MailPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox";

    private static readonly DeliveryState[] Tabs = [DeliveryState.Queued, DeliveryState.Held, DeliveryState.Sent, DeliveryState.Delivered, DeliveryState.Failed, DeliveryState.Unknown, DeliveryState.Captured, DeliveryState.Merged, DeliveryState.Suppressed];

    public static void MapMessagePages(this IEndpointRouteBuilder pages)
    {
        var outbox = pages.MapGroup("/ops").RequireAuthorization(Rights.Operate);
        outbox.MapGet("/outbox", ShowOutboxAsync);
        outbox.MapGet("/outbox/{key}", ShowDeliveryAsync);
        outbox.MapGet("/outbox/{key}/html", ShowHtmlAsync);
        outbox.MapPost("/outbox/{key}/resend", ResendAsync);
        outbox.MapGet("/gateways", ShowGatewaysAsync);
        outbox.MapPost("/gateways/test", TestAsync);
        pages.MapGet("/profile/messages", ShowPreferencesAsync);
        pages.MapPost("/profile/messages", SavePreferencesAsync);
        pages.MapGet("/s", OpenCodeAsync);
    }

    private static async Task<IResult> ShowOutboxAsync(HttpContext http, Actor actor, PageFrame frame, IDeliveryStore deliveries, INoticeStore notices, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        string Asked(string name) => http.Request.Query[name].ToString().Trim().Replace("\0", "", StringComparison.Ordinal);
        var (state, channel, user, instance) = (Enum.TryParse<DeliveryState>(Asked("state"), out var known) && Enum.IsDefined(known) ? known : (DeliveryState?)null, Asked("channel"), Asked("user"), Asked("instance"));
        var filter = new DeliveryFilter(state, NullIfEmpty(channel), NullIfEmpty(user), NullIfEmpty(instance), null, QueryReader.PlaceOf(Asked("after")), PageSize);
        var (items, next) = await ListAsync(deliveries, filter, cancellationToken);
        var counts = await deliveries.CountAsync(cancellationToken);
        // The record of one instance is whole with what was said inside the product.
        var site = instance.Length > 0 && state is null && channel.Length == 0
            ? (await notices.ListOfInstanceAsync(instance, PageSize, cancellationToken)).Where(n => user.Length == 0 || n.UserName == user)
            : [];
        var model = new OutboxModel(
            state?.ToString() ?? "", channel, user, instance, [.. items.Select(d => OutboxWording.Line(d, page))], QueryReader.CursorOf(next), [.. Tabs.Select(t => (t.ToString(), counts.GetValueOrDefault(t)))],
            [.. site.Select(n => new SiteLine(n.Subject, $"{organisation.Current.DisplayName(n.UserName)} · {n.UserName}", Moments.Ago(n.At, page.Now, page.T), Moments.Full(n.At), n.ReadAt is { } at ? Moments.Full(at) : null))]);
        return new RazorComponentResult<OutboxPage>(new { Page = page, Model = model });
    }

    private static async Task<(IReadOnlyList<Delivery> Items, string? Next)> ListAsync(IDeliveryStore deliveries, DeliveryFilter filter, CancellationToken cancellationToken)
    {
        try
        {
            return await deliveries.ListAsync(filter, cancellationToken);
        }
        catch (ArgumentException) when (filter.After is not null)
        {
            // A forged or outdated cursor: the first page says all there is to say.
            return await deliveries.ListAsync(filter with { After = null }, cancellationToken);
        }
    }

    private static async Task<IResult> ShowDeliveryAsync(string key, HttpContext http, Actor actor, PageFrame frame, IDeliveryStore deliveries, IOrganisationSource organisation, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        if (await deliveries.FindAsync(key, cancellationToken) is not { } d)
            return PageFrame.Refuse(page, StatusCodes.Status404NotFound);
        var values = (d.Content?["values"] as JsonObject ?? []).Select(v => new OutboxValue(v.Key, v.Value?.ToString() ?? ""))
            .Concat((d.Content?["attachments"] as JsonArray ?? []).OfType<JsonObject>().Select(a => new OutboxValue(page.T["outbox.attachment"], (a["fileName"] ?? a["FileName"] ?? a["attachmentId"])?.ToString() ?? "")));
        if (d.Channel == MessageChannels.Webhook)
            values = [new OutboxValue("JSON", d.Content?.ToJsonString(ReadableJson) ?? "")];
        var model = new OutboxDetail(
            d.Key,
            d.Subject.Length > 0 ? d.Subject : page.T["outbox.noSubject"],
            d.Body,
            d.Content?["html"] is not null,
            OutboxWording.Way(d, page.T),
            OutboxWording.To(d),
            d.UserName is { } user ? organisation.Current.DisplayName(user) : null,
            page.T["delivery." + d.State],
            OutboxWording.Stamp(d.State),
            d.Event is { } named ? page.T.IsChinese ? MessageEvents.Find(named).Zh : MessageEvents.Find(named).En : null,
            page.T["severity." + d.Severity],
            Moments.Full(d.CreatedAt),
            d.State is DeliveryState.Held or DeliveryState.Queued && d.DueAt > d.CreatedAt ? Moments.Full(d.DueAt) : null,
            d.SentAt is { } sent ? Moments.Full(sent) : null,
            d.ReceiptAt is { } receipt ? Moments.Full(receipt) : null,
            d.LastError,
            d.GatewayId,
            d.Doubts,
            NullIfEmpty(d.InstanceId),
            d.TaskId,
            d.ParentKey,
            d.MergedInto,
            d.State is DeliveryState.Failed or DeliveryState.Unknown or DeliveryState.Captured or DeliveryState.Suppressed,
            [.. values],
            [.. (await deliveries.ListAttemptsAsync(key, cancellationToken)).Select(a => new OutboxAttempt(a.Number, Moments.Full(a.BeganAt), page.T["attempt." + a.Outcome], OutboxWording.Stamp(a.Outcome), a.Error, a.Node))],
            [.. (await deliveries.ListReceiptsAsync(key, cancellationToken)).Select(r => new OutboxReceipt(Moments.Full(r.At), page.T["receipt." + r.State], r.Detail))]);
        http.Response.Headers.ContentSecurityPolicy = SecurityHeaders.Policy + "; frame-src 'self'";
        return new RazorComponentResult<OutboxDetailPage>(new { Page = page, Model = model });
    }

    private static async Task<IResult> ShowHtmlAsync(string key, HttpContext http, IDeliveryStore deliveries, CancellationToken cancellationToken)
    {
        if ((await deliveries.FindAsync(key, cancellationToken))?.Content?["html"] is not JsonValue html)
            return Results.NotFound();
        http.Response.Headers.ContentSecurityPolicy = MailPolicy;
        http.Response.Headers.XFrameOptions = "SAMEORIGIN";
        return Results.Text(html.ToString(), "text/html", Encoding.UTF8);
    }

    private static async Task<IResult> ResendAsync(string key, HttpContext http, Actor actor, PageFrame frame, IDeliveryStore deliveries, MessageSignal signal, ILogger<MessageLoop> logger, CancellationToken cancellationToken)
    {
        if (await deliveries.RequeueAsync(key, cancellationToken))
        {
            Log.MessageRequeued(logger, key, actor.Name);
            signal.Give();
            return Results.LocalRedirect($"/ops/outbox/{Uri.EscapeDataString(key)}?m=resent");
        }

        var page = await frame.OfAsync(http, actor, cancellationToken);
        return await deliveries.FindAsync(key, cancellationToken) is null
            ? PageFrame.Refuse(page, StatusCodes.Status404NotFound)
            : PageFrame.Refuse(page, StatusCodes.Status409Conflict, page.T["outbox.resend.late"]);
    }

    private static async Task<IResult> ShowGatewaysAsync(HttpContext http, Actor actor, PageFrame frame, MessageLoop loop, CancellationToken cancellationToken) =>
        Gateways(await frame.OfAsync(http, actor, cancellationToken), loop, null, "email", "");

    private static RazorComponentResult<GatewaysPage> Gateways(PageContext page, MessageLoop loop, string? error, string channel, string to)
    {
        GatewayLine Line(string name, string channelName, string setting) => loop.Lanes.FirstOrDefault(l => l.Gateway.Name == name) is { } lane
            ? new GatewayLine(page.T.Or("channel." + channelName, name), name, true, lane.IsOpen, lane.Busy, lane.Gateway.Places, setting)
            : new GatewayLine(page.T.Or("channel." + channelName, name), name, false, false, 0, 0, setting);
        var named = loop.Lanes.Where(l => l.Gateway.Name.Contains(':', StringComparison.Ordinal)).Select(l => Line(l.Gateway.Name, l.Gateway.Name.Split(':')[0], ""));
        var model = new GatewayModel([Line("mail", "email", "Workflows:Mail"), Line("sms", "sms", "Workflows:Sms"), .. named], error, channel, to);
        return new RazorComponentResult<GatewaysPage>(new { Page = page, Model = model }) { StatusCode = error is null ? 200 : 400 };
    }

    private static async Task<IResult> TestAsync(HttpContext http, Actor actor, PageFrame frame, MessageLoop loop, TestMessage test, CancellationToken cancellationToken)
    {
        var form = await Posted.ReadAsync(http.Request, cancellationToken);
        var (channel, to) = (form.Text("channel") == "sms" ? MessageChannels.Sms : MessageChannels.Email, form.Text("to").Trim());
        var (key, error) = await test.SendAsync(channel, to, cancellationToken);
        if (error is not null)
            return Gateways(await frame.OfAsync(http, actor, cancellationToken), loop, error, channel, to);
        return Results.LocalRedirect($"/ops/outbox/{Uri.EscapeDataString(key!)}");
    }

    private static async Task<IResult> ShowPreferencesAsync(HttpContext http, Actor actor, PageFrame frame, TemplateBook book, CancellationToken cancellationToken)
    {
        var page = await frame.OfAsync(http, actor, cancellationToken);
        await book.RefreshAsync(cancellationToken);
        var preference = book.PreferenceOf(actor.Name);
        var lines = Enum.GetValues<MessageCategory>().Where(c => c != MessageCategory.Operation || actor.MayOperate).Select(c => new PreferenceLine(
            c.ToString(), MessageEvents.IsMandatory(c), preference.Takes(c, MessageChannels.Email), preference.Takes(c, MessageChannels.Sms), preference.Gathers(c)));
        return new RazorComponentResult<PreferencesPage>(new { Page = page, Model = new PreferenceModel(preference.Language, [.. lines]) });
    }

    private static async Task<IResult> SavePreferencesAsync(HttpContext http, Actor actor, IMessageSettingStore store, TemplateBook book, CancellationToken cancellationToken)
    {
        var form = await Posted.ReadAsync(http.Request, cancellationToken);
        var own = Enum.GetValues<MessageCategory>().Where(c => !MessageEvents.IsMandatory(c)).ToList();
        var off = own.SelectMany(c => new[] { MessageChannels.Email, MessageChannels.Sms }.Select(channel => $"{c}:{channel}")).Where(name => form.Text(name).Length == 0);
        var digest = own.Select(c => c.ToString()).Where(c => form.Text(c + ":digest").Length > 0);
        var preference = new MessagePreference(form.Text("language") == "en" ? "en" : "zh", off.ToHashSet(), digest.ToHashSet());
        await store.SavePreferenceAsync(actor.Name, preference.ToDocument(), cancellationToken);
        await book.RefreshAsync(cancellationToken);
        return Results.LocalRedirect("/profile/messages?m=saved");
    }

    /// <summary>Leads to the page a code stands for. Reading is all it does, and the page asks for its own rights.</summary>
    private static async Task<IResult> OpenCodeAsync(HttpContext http, Actor actor, PageFrame frame, IDeliveryStore deliveries, EngineClock clock, CancellationToken cancellationToken)
    {
        var code = http.Request.Query["code"].ToString().Trim();
        if (code.Length == 6 && code.All(char.IsAsciiDigit) && await deliveries.FindCodeAsync(code, actor.Name, clock.GetUtcNow(), cancellationToken) is { } path)
            return Results.LocalRedirect(path);
        var page = await frame.OfAsync(http, actor, cancellationToken);
        return new RazorComponentResult<CodePage>(new { Page = page, Wrong = code.Length > 0 ? code[..Math.Min(code.Length, 12)] : null });
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static readonly System.Text.Json.JsonSerializerOptions ReadableJson = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };
}
