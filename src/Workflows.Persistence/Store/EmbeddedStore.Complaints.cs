using System.Data.Common;
using System.Globalization;
using System.Text.Json.Nodes;
using Workflows.Engine.Store;
using Workflows.Engine.Thresholds;
using Workflows.Persistence.Databases;

namespace Workflows.Persistence.Store;

/// <summary>
/// Complaints, and what is given for them. What must never happen: two payments for one cause of one order, by whichever two processes. The
/// rule stands in a unique index; whoever comes second is answered what the first gave.
/// </summary>
public sealed partial class EmbeddedStore
{
    public async Task<IReadOnlyList<Complaint>> ListComplaintsAsync(int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync("store_list_complaints", new() { ["limit"] = limit }, ReadComplaint, cancellationToken);

    public Task<Complaint?> FindComplaintAsync(string id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => FindComplaintAsync(session, id, cancellationToken), cancellationToken);

    public async Task<IReadOnlyList<Compensation>> ListCompensationsAsync(string orderNo, CancellationToken cancellationToken) =>
        await database.QueryAsync("store_compensations_of_order", new() { ["order_no"] = orderNo }, ReadCompensation, cancellationToken);

    public async Task<IReadOnlyList<CustomerNotice>> ListCustomerNoticesAsync(string complaint, CancellationToken cancellationToken) => await database.QueryAsync(
        "store_list_notices",
        new() { ["complaint"] = complaint },
        row => new CustomerNotice(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.Instant(4)),
        cancellationToken);

    private async Task<StoreOutcome> RecordComplaintAsync(Session session, StoreOperation.RecordComplaint record, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(record.Customer) || string.IsNullOrWhiteSpace(record.Description))
            return new StoreOutcome.Refused("投诉必须写明顾客和内容 (a complaint needs its customer and what it is about)");
        if (record.ReceivedAt > clock.GetUtcNow() + MetricRules.Ahead)
            return new StoreOutcome.Refused("收到投诉的时间不能晚于现在 (a complaint cannot be received in the future)");
        var row = new SqlArgs
        {
            ["id"] = record.Complaint,
            ["received_at"] = record.ReceivedAt,
            ["customer"] = record.Customer,
            ["mobile"] = Given(record.Mobile),
            ["order_no"] = Given(record.OrderNo),
            ["channel"] = record.Channel,
            ["class"] = Given(record.Class),
            ["severity"] = Given(record.Severity),
            ["description"] = record.Description,
            ["product"] = Given(record.Product),
        };
        if (await session.ExecuteAsync("store_add_complaint", row, cancellationToken) == 0)
            return new StoreOutcome.Refused($"编号为 {record.Complaint} 的投诉已登记 (a complaint of this number is on record)");
        var paid = Given(record.OrderNo) is { } order
            ? await session.QueryAsync("store_compensations_of_order", new() { ["order_no"] = order }, ReadCompensation, cancellationToken)
            : [];
        return new StoreOutcome.Done(new JsonObject
        {
            ["complaint"] = record.Complaint,
            ["promotion"] = await LinkPromotionAsync(session, record.Complaint, Given(record.Promotion), Given(record.OrderNo), cancellationToken),
            ["paid"] = new JsonArray([.. paid.Where(c => c.RevokedAt is null).Select(c => c.ToJson())]),
        });
    }

    private async Task<StoreOutcome> NoteComplaintAsync(Session session, StoreOperation.NoteComplaint note, CancellationToken cancellationToken)
    {
        if (!ComplaintState.All.Contains(note.State))
            return new StoreOutcome.Refused($"没有投诉状态“{note.State}” (unknown state of a complaint)");
        if (note.Satisfaction is < 1 or > 5)
            return new StoreOutcome.Refused("满意度为 1 到 5 分 (satisfaction is 1 to 5)");
        var row = new SqlArgs
        {
            ["id"] = note.Complaint,
            ["state"] = note.State,
            ["class"] = Given(note.Class),
            ["cause"] = Given(note.Cause),
            ["satisfaction"] = note.Satisfaction,
            ["at"] = clock.GetUtcNow(),
        };
        return await session.ExecuteAsync("store_note_complaint", row, cancellationToken) == 1
            ? new StoreOutcome.Done(new JsonObject { ["complaint"] = note.Complaint, ["state"] = note.State })
            : NoComplaint(note.Complaint);
    }

    private async Task<StoreOutcome> TellCustomerAsync(Session session, StoreOperation.TellCustomer tell, CancellationToken cancellationToken)
    {
        if (await FindComplaintAsync(session, tell.Complaint, cancellationToken) is not { } complaint)
            return NoComplaint(tell.Complaint);
        var now = clock.GetUtcNow();
        var notice = new SqlArgs { ["id"] = tell.Notice, ["complaint"] = complaint.Id, ["title"] = tell.Title, ["body"] = tell.Body, ["at"] = now };
        if (await session.ExecuteAsync("store_add_notice", notice, cancellationToken) == 1 && complaint.Mobile is { } mobile)
            await QueueSmsAsync(session, tell.Notice, mobile, tell.Body, now, cancellationToken);
        return new StoreOutcome.Done(new JsonObject { ["notice"] = tell.Notice, [Sms] = complaint.Mobile is not null });
    }

    /// <summary>Writes to somebody outside in the transaction of the act that tells them; the host's channels send it.</summary>
    private static async Task QueueSmsAsync(Session session, string notice, string mobile, string body, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (instance, execution) = ExecutionOf(notice);
        var sms = new SqlArgs
        {
            ["key"] = notice + "-sms",
            ["instance_id"] = instance,
            ["execution"] = execution,
            ["payload"] = JsonText.Write(new JsonObject { ["to"] = mobile, ["body"] = body }),
            ["at"] = now,
        };
        await session.ExecuteAsync("store_queue_notice", sms, cancellationToken);
    }

    private async Task<StoreOutcome> GiveCompensationAsync(Session session, StoreOperation.GiveCompensation give, CancellationToken cancellationToken)
    {
        if (Given(give.OrderNo) is not { } order || Given(give.Cause) is not { } cause)
            return new StoreOutcome.Refused("补偿必须写明订单和原因，同一订单同一原因只补偿一次 (a compensation needs its order and its cause)");
        if (!CompensationForm.All.Contains(give.Form))
            return new StoreOutcome.Refused($"没有补偿方式“{give.Form}” (unknown form of compensation)");
        if (give.Amount <= 0 || give.Amount > 1_000_000)
            return new StoreOutcome.Refused("补偿金额须大于 0，且不超过一百万元 (the amount must be above zero and at most a million)");
        var row = new SqlArgs
        {
            ["id"] = give.Compensation,
            ["order_no"] = order,
            ["cause"] = cause,
            ["form"] = give.Form,
            ["amount_e4"] = TenThousandths.Of(give.Amount),
            ["customer"] = Given(give.Customer),
            ["complaint"] = Given(give.Complaint),
            ["at"] = clock.GetUtcNow(),
        };
        // Whoever complains may write any name; whose order it is the shop knows.
        var isBarred = give.Form == CompensationForm.Coupon
            && (await IsBlacklistedAsync(session, Given(give.Customer), BlacklistScope.Coupons, cancellationToken)
                || await IsBlacklistedAsync(session, (await FindOrderAsync(session, order, cancellationToken))?.Customer, BlacklistScope.Coupons, cancellationToken));
        var given = !isBarred && await session.ExecuteAsync("store_add_compensation", row, cancellationToken) == 1;
        var standing = await session.FirstAsync("store_compensation_of_cause", new() { ["order_no"] = order, ["cause"] = cause }, ReadCompensation, cancellationToken);
        if (standing is null && isBarred)
            return new StoreOutcome.Done(new JsonObject { ["given"] = false, ["barred"] = true, ["order"] = order, ["cause"] = cause });
        if (standing is null)
            return new StoreOutcome.Refused($"编号为 {give.Compensation} 的补偿已存在 (a compensation of this number exists)");
        if (Given(give.Complaint) is { } complaint)
            await session.ExecuteAsync("store_link_compensation", new() { ["id"] = complaint, ["compensation"] = standing.Id }, cancellationToken);
        var result = standing.ToJson();
        result["given"] = given;
        return new StoreOutcome.Done(result);
    }

    private async Task<StoreOutcome> RevokeCompensationAsync(Session session, StoreOperation.RevokeCompensation revoke, CancellationToken cancellationToken)
    {
        var changed = await session.ExecuteAsync("store_revoke_compensation", new() { ["id"] = revoke.Compensation, ["at"] = clock.GetUtcNow() }, cancellationToken);
        if (changed == 0 && await FindCompensationAsync(session, revoke.Compensation, cancellationToken) is { UsedAt: not null })
            return new StoreOutcome.Refused($"补偿 {revoke.Compensation} 已被顾客使用，不能收回 (it was used and cannot be taken back)");
        return new StoreOutcome.Done(new JsonObject { ["compensation"] = revoke.Compensation, ["revoked"] = changed == 1 });
    }

    private async Task<StoreOutcome> UseCompensationAsync(Session session, StoreOperation.UseCompensation use, CancellationToken cancellationToken)
    {
        if (await session.ExecuteAsync("store_use_compensation", new() { ["id"] = use.Compensation, ["at"] = clock.GetUtcNow() }, cancellationToken) == 1)
            return new StoreOutcome.Done(new JsonObject { ["compensation"] = use.Compensation });
        return await FindCompensationAsync(session, use.Compensation, cancellationToken) switch
        {
            null => new StoreOutcome.Refused($"没有编号为 {use.Compensation} 的补偿 (no such compensation)"),
            { UsedAt: not null } => new StoreOutcome.Refused($"补偿 {use.Compensation} 已使用 (it was used)"),
            _ => new StoreOutcome.Refused($"补偿 {use.Compensation} 已收回 (it was taken back)"),
        };
    }

    private static async Task<StoreOutcome> MeasureComplaintsAsync(Session session, StoreOperation.MeasureComplaints measure, CancellationToken cancellationToken)
    {
        if (!DateOnly.TryParseExact(measure.Month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first))
            return new StoreOutcome.Refused($"“{measure.Month}”不是月份，应为 2026-11 这样的格式 (a month is written like 2026-11)");
        var month = await FiguresAsync(session, first, measure, cancellationToken);
        var before = await FiguresAsync(session, first.AddMonths(-1), measure, cancellationToken);
        return new StoreOutcome.Done(new JsonObject { ["month"] = month.ToJson(), ["before"] = before.ToJson() });
    }

    private static async Task<ComplaintFigures> FiguresAsync(Session session, DateOnly first, StoreOperation.MeasureComplaints measure, CancellationToken cancellationToken)
    {
        var (from, to) = (ShopCalendar.BeginOf(first), ShopCalendar.BeginOf(first.AddMonths(1)));
        var period = new SqlArgs { ["from"] = from, ["to"] = to };
        var counts = await session.FirstAsync(
            "store_measure_complaints",
            new() { ["from"] = from, ["to"] = to, ["reply_micros"] = Micros(measure.ReplyHours), ["solve_micros"] = Micros(measure.SolveHours) },
            row => Enumerable.Range(0, 7).Select(row.GetInt64).ToArray(),
            cancellationToken);
        var classes = await session.QueryAsync("store_measure_complaint_classes", period, row => (row.GetString(0), row.GetInt64(1)), cancellationToken);
        var cost = await session.FirstAsync("store_measure_compensation", period, row => TenThousandths.ToDecimal(row.GetInt64(0)), cancellationToken);
        var sales = await MeasureAsync(session, from, to, null, cancellationToken);
        return new ComplaintFigures(
            first.ToString("yyyy-MM", CultureInfo.InvariantCulture), counts![0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], sales.Customers, cost, classes);
    }

    private static long Micros(decimal hours) => (long)(hours * 3_600_000_000m);

    private static StoreOutcome.Refused NoComplaint(string id) => new($"没有编号为 {id} 的投诉 (no such complaint)");

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static Task<Complaint?> FindComplaintAsync(Session session, string id, CancellationToken cancellationToken) =>
        session.FirstAsync("store_find_complaint", new() { ["id"] = id }, ReadComplaint, cancellationToken);

    private static Task<Compensation?> FindCompensationAsync(Session session, string id, CancellationToken cancellationToken) =>
        session.FirstAsync("store_find_compensation", new() { ["id"] = id }, ReadCompensation, cancellationToken);

    private static Complaint ReadComplaint(DbDataReader row) => new(
        row.GetString(0), row.Instant(1), row.GetString(2), row.TextOrNull(3), row.TextOrNull(4), row.GetString(5), row.TextOrNull(6), row.TextOrNull(7), row.TextOrNull(8),
        row.GetString(9), row.GetString(10), row.InstantOrNull(11), row.InstantOrNull(12), (int)row.GetInt64(13), row.TextOrNull(14), row.IsDBNull(15) ? null : (int)row.GetInt64(15));

    private static Compensation ReadCompensation(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), TenThousandths.ToDecimal(row.GetInt64(4)), row.TextOrNull(5), row.TextOrNull(6), row.Instant(7), row.InstantOrNull(8), row.InstantOrNull(9));
}
