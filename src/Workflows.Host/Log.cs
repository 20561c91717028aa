namespace Workflows.Host;

/// <summary>Log messages of the host. Never a password, a token, or the content of a form.</summary>
internal static partial class Log
{
    // 4000: start
    [LoggerMessage(4000, LogLevel.Information, "Ready in {Environment} on {Database}")]
    public static partial void Ready(ILogger logger, string environment, string database);

    [LoggerMessage(4001, LogLevel.Warning, "No folder of definitions found ({Directory}); none are seeded")]
    public static partial void NoDefinitions(ILogger logger, string directory);

    [LoggerMessage(4002, LogLevel.Information, "Definition file {File}: {State}")]
    public static partial void DefinitionSeeded(ILogger logger, string file, string state);

    [LoggerMessage(4003, LogLevel.Error, "Definition file {File} was not taken: {Detail}")]
    public static partial void DefinitionNotSeeded(ILogger logger, string file, string detail);

    [LoggerMessage(4004, LogLevel.Information, "Definition {Definition} deleted by {User}")]
    public static partial void DefinitionDeleted(ILogger logger, string definition, string user);

    // 4100: requests
    [LoggerMessage(4100, LogLevel.Error, "{Method} {Path} failed ({TraceId})")]
    public static partial void RequestFailed(ILogger logger, string method, string path, string traceId, Exception error);

    [LoggerMessage(4101, LogLevel.Warning, "{Method} {Path}: the database did not answer")]
    public static partial void DatabaseFailed(ILogger logger, string method, string path, Exception error);

    [LoggerMessage(4102, LogLevel.Warning, "{Method} {Path}: the connected shop gave no answer: {Error}")]
    public static partial void ShopAway(ILogger logger, string method, string path, string error);

    // 4200: security
    [LoggerMessage(4200, LogLevel.Warning, "Sign-in refused from {Address}")]
    public static partial void SignInFailed(ILogger logger, string address);

    [LoggerMessage(4201, LogLevel.Warning, "{User} may not {Method} {Path}")]
    public static partial void Forbidden(ILogger logger, string user, string method, string path);

    [LoggerMessage(4205, LogLevel.Warning, "Sign-in through the identity provider refused: {Reason}")]
    public static partial void OidcRefused(ILogger logger, string reason);

    [LoggerMessage(4202, LogLevel.Information, "{By} changed the organisation: {Kind} {Subject}")]
    public static partial void OrganisationChanged(ILogger logger, string by, string kind, string subject);

    [LoggerMessage(4203, LogLevel.Warning, "Step without anybody to do it: {Definition} {Node}: {Reason}")]
    public static partial void StepWithoutPerson(ILogger logger, string definition, string node, string reason);

    [LoggerMessage(4204, LogLevel.Information, "Check of the organisation: {Found} steps without anybody to do them")]
    public static partial void OrganisationChecked(ILogger logger, int found);

    // 4300: schedules
    [LoggerMessage(4300, LogLevel.Information, "Schedules: {Added} added, {Removed} removed, {Total} in all")]
    public static partial void SchedulesSynced(ILogger logger, int added, int removed, int total);

    [LoggerMessage(4301, LogLevel.Information, "Schedule {Definition}/{Activity} started {InstanceId} for {Nominal:O}")]
    public static partial void ScheduleStarted(ILogger logger, string definition, string activity, string instanceId, DateTimeOffset nominal);

    [LoggerMessage(4302, LogLevel.Warning, "Schedule {Definition}/{Activity} for {Nominal:O} did not start: {Reason}")]
    public static partial void ScheduleRefused(ILogger logger, string definition, string activity, DateTimeOffset nominal, string reason);

    [LoggerMessage(4303, LogLevel.Error, "Schedule {Definition}/{Activity} failed; the next look tries again")]
    public static partial void ScheduleFailed(ILogger logger, string definition, string activity, Exception error);

    [LoggerMessage(4304, LogLevel.Warning, "Schedule {Definition}/{Activity} missed more than {Kept} instants; only the latest {Kept} are made up for")]
    public static partial void ScheduleMissedMany(ILogger logger, string definition, string activity, int kept);

    // 4400: operations
    [LoggerMessage(4400, LogLevel.Information, "Effect {Key} put back by {User}")]
    public static partial void EffectRequeued(ILogger logger, string key, string user);

    // 4500: messages. Never an address, a number, a text or a secret.
    [LoggerMessage(4500, LogLevel.Warning, "Message {Key} given up on at {Gateway} after {Attempts} tries: {State}: {Error}")]
    public static partial void MessageGivenUp(ILogger logger, string key, string gateway, int attempts, Engine.Messages.DeliveryState state, string error);

    [LoggerMessage(4501, LogLevel.Error, "Sending message {Key} at {Gateway} failed; it is offered again")]
    public static partial void MessageFailed(ILogger logger, string key, string gateway, Exception error);

    [LoggerMessage(4502, LogLevel.Warning, "Gateway {Gateway} is left alone for a while: {Error}")]
    public static partial void GatewayPaused(ILogger logger, string gateway, string error);

    [LoggerMessage(4503, LogLevel.Warning, "Message {Key} by {Channel} did not arrive; it goes on by {Next}")]
    public static partial void MessageFellBack(ILogger logger, string key, string channel, string next);

    [LoggerMessage(4504, LogLevel.Information, "Message {Key} put back by {User}")]
    public static partial void MessageRequeued(ILogger logger, string key, string user);

    [LoggerMessage(4505, LogLevel.Warning, "A receipt was refused: {Reason}")]
    public static partial void ReceiptRefused(ILogger logger, string reason);

    // 4600: the shop's data
    [LoggerMessage(4600, LogLevel.Information, "File {Upload} of {Kind} read: {Rows} rows, {Saved} saved, {Rejected} rejected")]
    public static partial void ImportFinished(ILogger logger, string upload, string kind, long rows, long saved, long rejected);

    [LoggerMessage(4601, LogLevel.Warning, "File {Upload} of {Kind} was refused")]
    public static partial void ImportRefused(ILogger logger, string upload, string kind);

    [LoggerMessage(4602, LogLevel.Error, "File {Upload} of {Kind} could not be read in {Tries} tries; it waits for whoever sent it")]
    public static partial void ImportStopped(ILogger logger, string upload, string kind, int tries, Exception? error);

    [LoggerMessage(4506, LogLevel.Information, "Template {Event}/{Channel}/{Language} changed to version {Version} by {User}")]
    public static partial void TemplateChanged(ILogger logger, string @event, string channel, string language, int version, string user);
}
