namespace Workflows.Host.Api;

/// <summary>Every refusal this API knows, so that a code is spelt once.</summary>
internal static class Refusals
{
    public static readonly Problem BadRequest = new(400, "bad-request", "请求无法理解", "The request cannot be understood");
    public static readonly Problem BadBody = new(400, "bad-body", "请求内容有误", "The body is not acceptable");
    public static readonly Problem BadQuery = new(400, "bad-query", "查询参数有误", "A query parameter is not acceptable");
    public static readonly Problem BadHeader = new(400, "bad-header", "请求头有误", "A header is not acceptable");
    public static readonly Problem SignInNeeded = new(401, "sign-in-needed", "请先登录", "Sign in first");
    public static readonly Problem SignInFailed = new(401, "sign-in-failed", "用户名或密码不正确", "User name or password is wrong");
    public static readonly Problem NotAllowed = new(403, "not-allowed", "没有权限", "Not allowed");
    public static readonly Problem ScopeMissing = new(403, "scope-missing", "密钥的用途不包括此操作", "The key's scopes do not cover this");
    public static readonly Problem ForgedRequest = new(403, "forged-request", "页面已过期，请刷新后重试", "The page has expired; load it again")
    { DetailZh = "写操作缺少本站页面的防伪令牌", DetailEn = "a write with a session cookie needs the token of a page of this host" };
    public static readonly Problem NotFound = new(404, "not-found", "没有找到", "Not found");
    public static readonly Problem MethodNotAllowed = new(405, "method-not-allowed", "不支持此请求方法", "The method is not supported here");
    public static readonly Problem TaskClosed = new(409, "task-closed", "任务已结束", "The task is closed");
    public static readonly Problem TaskClaimed = new(409, "task-claimed", "任务已被他人签收", "Somebody else has claimed the task");
    public static readonly Problem ContentChanged = new(409, "content-changed", "内容已变更，请重新查看后再决定", "What is decided on has changed; look at it again");
    public static readonly Problem BulkNotAllowed = new(409, "bulk-not-allowed", "此任务不允许批量同意", "This task must be decided by itself");
    public static readonly Problem NothingToClaim = new(409, "nothing-to-claim", "没有可签收的任务", "There is nothing to claim");
    public static readonly Problem BadPerson = new(422, "bad-person", "所选人员不合适", "The person named cannot be given this");
    public static readonly Problem InstanceFinished = new(409, "instance-finished", "流程已结束", "The instance is finished");
    public static readonly Problem NothingToRetry = new(409, "nothing-to-retry", "没有可重试的故障", "Nothing has failed that could be retried");
    public static readonly Problem AlreadyActive = new(409, "already-active", "该流程已有运行中的实例", "An instance of this definition is already running");
    public static readonly Problem ActionNotOffered = new(409, "action-not-offered", "此任务没有这个操作", "The task does not offer this action");
    public static readonly Problem StateConflict = new(409, "conflict", "数据已被他人修改", "The state was changed meanwhile");
    public static readonly Problem NotPublished = new(409, "not-published", "流程尚未发布", "The definition is not published");
    public static readonly Problem Ambiguous = new(409, "ambiguous", "有多个流程匹配此请求", "More than one workflow matches this request");
    public static readonly Problem Changed = new(412, "changed", "内容已更新，请刷新后重试", "It changed since you saw it; read it again");
    public static readonly Problem TooLarge = new(413, "too-large", "请求内容过大", "The body is too large");
    public static readonly Problem FileTooLarge = new(413, "file-too-large", "文件过大", "A file is too large");
    public static readonly Problem TooManyFiles = new(409, "too-many-files", "附件太多", "There are too many files");
    public static readonly Problem UnsupportedMediaType = new(415, "unsupported-media-type", "不支持的内容类型", "The content type is not supported");
    public static readonly Problem FileExtensionRefused = new(415, "file-extension-refused", "文件扩展名不允许", "The file extension is not accepted");
    public static readonly Problem FileTypeRefused = new(415, "file-type-refused", "文件类型不允许", "The file's type is not accepted");
    public static readonly Problem Unprocessable = new(422, "unprocessable", "内容未通过校验", "The content breaks its rules");
    public static readonly Problem KeyReused = new(422, "idempotency-key-reused", "幂等键已用于其他请求", "The idempotency key was used for another request");
    public static readonly Problem CommentMissing = new(422, "comment-missing", "此操作必须填写意见", "This action needs a comment");
    public static readonly Problem FormRefused = new(422, "form-refused", "表单填写有误", "The form is not acceptable");
    public static readonly Problem DefinitionRefused = new(422, "definition-refused", "流程定义未通过校验", "The definition breaks its rules");
    public static readonly Problem Excluded = new(403, "four-eyes", "您不能处理自己的申请或已参与的审批", "Four eyes: you may not decide on this one");
    public static readonly Problem Unstorable = new(422, "unstorable", "内容超出限制，无法保存", "What this would store exceeds a limit");
    public static readonly Problem TooManyAttempts = new(429, "too-many-attempts", "尝试次数过多，请稍后再试", "Too many attempts; try later");
    public static readonly Problem Internal = new(500, "internal", "服务器内部错误", "Something went wrong here");
    public static readonly Problem WorkflowFailed = new(502, "workflow-failed", "流程执行失败", "The workflow failed");
    public static readonly Problem DatabaseAway = new(503, "database-unavailable", "数据库暂时不可用", "The database is out of reach") { RetryAfter = TimeSpan.FromSeconds(2) };
    public static readonly Problem ShopAway = new(503, "shop-away", "店铺暂时联系不上，请稍后再试", "The shop cannot be reached just now; try again later") { RetryAfter = TimeSpan.FromSeconds(30) };
    public static readonly Problem NoAnswerInTime = new(504, "no-answer-in-time", "流程没有及时作答", "The workflow did not answer in time");
}
