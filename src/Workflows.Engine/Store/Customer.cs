namespace Workflows.Engine.Store;

/// <summary>A customer of the shop. The number is what orders, complaints and promotions name; the rest is personal and goes when the customer is erased.</summary>
/// <param name="Id">The shop's own number of the customer.</param>
/// <param name="Level">Level of membership, as the shop calls it.</param>
/// <param name="ErasedAt">Set once the personal data is gone; the number is then good for nothing but counting.</param>
public sealed record Customer(
    string Id, string? Name, string? Mobile, string? Email, string? Level, string? Region, DateTimeOffset? RegisteredAt, DateTimeOffset? ErasedAt = null)
{
    /// <summary>As everybody sees them who gave no reason: 张**, 138****5678.</summary>
    public Customer Masked() => this with { Name = PersonalData.MaskName(Name), Mobile = PersonalData.MaskNumber(Mobile), Email = PersonalData.MaskEmail(Email) };
}

/// <summary>What a customer has to do with the shop.</summary>
/// <param name="Orders">Invoices that are not cancellations.</param>
/// <param name="Spent">Money of all invoices, returns taken off.</param>
public sealed record CustomerTraces(long Orders, decimal Spent, long Promotions, IReadOnlyList<string> Complaints);

/// <summary>An entry of the record that is kept of every look at personal data, and of every erasure. Nothing deletes it.</summary>
/// <param name="Subject">customer, complaint or order.</param>
/// <param name="Act">revealed or erased.</param>
/// <param name="By">User name.</param>
/// <param name="Reason">As it was written.</param>
public sealed record Disclosure(string Id, string Subject, string SubjectId, string Act, string By, string Reason, DateTimeOffset At)
{
    public const string OfCustomer = "customer";
    public const string OfComplaint = "complaint";
    public const string OfOrder = "order";
    public const string Revealed = "revealed";
    public const string Erased = "erased";

    /// <summary>Fewest and most characters of a reason: "ok" is none.</summary>
    public const int ShortestReason = 4;
    public const int LongestReason = 500;

    /// <summary>The reason without the blanks around it; null when it says too little, or too much to be one.</summary>
    public static string? ReasonOf(string? text) =>
        text?.Replace("\0", "", StringComparison.Ordinal).Trim() is { Length: >= ShortestReason and <= LongestReason } reason ? reason : null;
}

/// <summary>What became of an erasure.</summary>
public abstract record Erasure
{
    private Erasure()
    {
    }

    /// <param name="Rows">Rows elsewhere (promotions, backups, complaints, messages) that held something personal.</param>
    public sealed record Done(int Rows) : Erasure;

    public sealed record AlreadyErased(DateTimeOffset At) : Erasure;

    public sealed record Unknown : Erasure;
}

/// <summary>
/// The shop's customers, and the gate before what is personal about them: nobody sees it without leaving a name and a reason, and what is
/// revealed and its record are one transaction.
/// </summary>
public interface ICustomerRegister
{
    /// <summary>Customers by number, those after <paramref name="after"/>.</summary>
    /// <param name="search">The beginning of a number, or a whole name or mobile number: parts of these are not looked for, or one could guess them piece by piece.</param>
    /// <param name="after">The number the page before ended with.</param>
    Task<IReadOnlyList<Customer>> ListAsync(string? search, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>A customer as stored, whole; for masking. Null when the shop knows none of this number.</summary>
    Task<Customer?> FindCustomerAsync(string id, CancellationToken cancellationToken);

    Task<CustomerTraces> FindTracesAsync(string id, CancellationToken cancellationToken);

    /// <summary>The whole customer, with the record of who looked and why; null when there is none, and then nothing is recorded.</summary>
    Task<Customer?> RevealCustomerAsync(string id, string by, string reason, CancellationToken cancellationToken);

    /// <summary>The whole complaint, likewise.</summary>
    Task<Complaint?> RevealComplaintAsync(string id, string by, string reason, CancellationToken cancellationToken);

    /// <summary>The record of somebody who is about to see what another shop keeps; the shop in our own database keeps it with what it reveals.</summary>
    Task NoteRevealAsync(string subject, string id, string by, string reason, CancellationToken cancellationToken);

    /// <summary>
    /// Takes everything personal out of the shop's tables: the register, promotions and their backups (whose checksums are made anew, so that a
    /// deletion under way goes on), complaints and messages. Orders and complaints keep the number. Never taken back; imports do not bring it back.
    /// </summary>
    Task<Erasure> EraseAsync(string id, string by, string reason, CancellationToken cancellationToken);

    /// <summary>Who looked at a customer or complaint, newest first.</summary>
    Task<IReadOnlyList<Disclosure>> ListDisclosuresAsync(string subject, string id, int limit, CancellationToken cancellationToken);
}
