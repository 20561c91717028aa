namespace Workflows.Engine.Store;

/// <summary>What processes ask about complaints and what is paid for them (catalogue 5.4, 5.5, 5.11, and 0.3 on compensation).</summary>
public abstract partial record StoreOperation
{
    /// <summary>
    /// Puts a complaint on record (投诉单), with what was paid for its order before. There is no undo: that somebody complained stays true.
    /// Refused without a customer or a description, and for a number that is on record already.
    /// </summary>
    /// <param name="Complaint">Its number, the same in every try: that of the case.</param>
    /// <param name="ReceivedAt">When the customer complained; the clocks count from here.</param>
    /// <param name="Customer">The shop's number of the customer, or their name.</param>
    /// <param name="OrderNo">Empty when it is about no order.</param>
    /// <param name="Promotion">The promotion it is about; when empty, the one its order was part of.</param>
    /// <param name="Product">The product it is about, which is marked as long as the complaint is open; one that is not known is left out.</param>
    public sealed record RecordComplaint(
        string Complaint, DateTimeOffset ReceivedAt, string Customer, string? Mobile, string? OrderNo, string Channel, string? Class, string? Severity, string Description, string? Promotion = null, string? Product = null) : StoreOperation
    {
        public const string Name = "store.record-complaint";

        public override string Kind => Name;
    }

    /// <summary>Notes what became of a complaint; the first answer and the first solution keep their times. Refused for one that is not on record, and for an unknown state.</summary>
    /// <param name="State">One of <see cref="ComplaintState"/>.</param>
    public sealed record NoteComplaint(string Complaint, string State, string? Class = null, string? Cause = null, int? Satisfaction = null) : StoreOperation
    {
        public const string Name = "store.note-complaint";

        public override string Kind => Name;
    }

    /// <summary>Writes to the customer of a complaint, in the shop and by SMS when a number is known. Refused for one that is not on record.</summary>
    /// <param name="Notice">Number of the message, the same in every try.</param>
    public sealed record TellCustomer(string Notice, string Complaint, string Title, string Body) : StoreOperation
    {
        public const string Name = "store.tell-customer";

        public override string Kind => Name;
    }

    /// <summary>
    /// Gives a customer something for a cause of an order: at most once per order and cause, whoever asks. Where one was given already,
    /// nothing is given and that one is answered. A customer whom the blacklist keeps from coupons gets none ("barred"). Refused without order or cause, and for an amount that is not above zero.
    /// </summary>
    /// <param name="Compensation">Its number, the same in every try.</param>
    /// <param name="Form">coupon, refund or reshipment (see <see cref="CompensationForm"/>).</param>
    /// <param name="Amount">What it is worth, in yuan.</param>
    public sealed record GiveCompensation(string Compensation, string OrderNo, string Cause, string Form, decimal Amount, string? Customer, string? Complaint) : StoreOperation
    {
        public const string Name = "store.give-compensation";

        public override string Kind => Name;
    }

    /// <summary>Undo of a compensation: takes it back while it is unused. Refused once the customer used it; what was never given has nothing to be taken back.</summary>
    public sealed record RevokeCompensation(string Compensation) : StoreOperation
    {
        public const string Name = "store.revoke-compensation";

        public override string Kind => Name;
    }

    /// <summary>The customer uses a compensation; from then on it cannot be taken back. Refused when it is unknown, taken back or used.</summary>
    public sealed record UseCompensation(string Compensation) : StoreOperation
    {
        public const string Name = "store.use-compensation";

        public override string Kind => Name;
    }

    /// <summary>Complaints of a calendar month and of the one before: number, classes, share in time, cost, per active customer. Refused for what is no month.</summary>
    /// <param name="Month">yyyy-MM, in the shop's time zone, by the time of receipt.</param>
    /// <param name="ReplyHours">Promised time to the first answer.</param>
    /// <param name="SolveHours">Promised time to the solution.</param>
    public sealed record MeasureComplaints(string Month, decimal ReplyHours, decimal SolveHours) : StoreOperation
    {
        public const string Name = "store.measure-complaints";

        public override string Kind => Name;
    }
}
