using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;
using Workflows.Designer;
using Workflows.Engine.Storage;
using Workflows.Host.Organisation;
using Workflows.Host.Pages;
using Workflows.Host.Security;

namespace Workflows.Host.Designer;

/// <summary>Tells the designer who is there and what they may do, and lends it the frame of the staff pages.</summary>
internal sealed class DesignerHost(PageFrame frame, OrganisationChanges changes) : IDesignerHost
{
    public async ValueTask<IDesignerPerson?> FindPersonAsync(HttpContext http) => await Actor.BindAsync(http) is { } actor ? new DesignerPerson(actor) : null;

    public bool IsChinese(HttpContext http) => PageFrame.TextsOf(http).IsChinese;

    public (string Field, string Value) ProofOf(HttpContext http) => (Csrf.Field, Csrf.TokenOf(http));

    public async ValueTask<IResult> PageAsync(HttpContext http, string title, RenderFragment body, int status = 200)
    {
        var actor = await Actor.BindAsync(http);
        var page = actor is null ? frame.Plain(http) : await frame.OfAsync(http, actor, http.RequestAborted);
        return new RazorComponentResult<DesignerFrame>(new { Page = page, Title = title, Body = body }) { StatusCode = status };
    }

    public OrganisationAudit Audit(IDesignerPerson person, string kind, string subject, JsonNode? detail = null) =>
        changes.Audit(((DesignerPerson)person).Actor, kind, subject, detail);
}

/// <summary>A person with their rights of this moment.</summary>
internal sealed class DesignerPerson(Actor actor) : IDesignerPerson
{
    public Actor Actor => actor;

    public string UserName => actor.Name;

    public string DisplayName => actor.DisplayName;

    public bool MayUseDesigner => actor.MayEditDefinitions || actor.MayOperate || actor.MayAudit || (actor.Processes?.Definitions ?? []).Any(actor.MayReadDefinition);

    public bool MayDesignAll => actor.MayEditDefinitions;

    public bool MayAdminister => actor.MayAdminister;

    public IReadOnlyList<string>? ViewedDefinitions => actor.ViewedDefinitions;

    public bool MayDesign(string definitionId) => actor.MayDesign(definitionId);

    public bool MayRead(string definitionId) => actor.MayReadDefinition(definitionId);

    public bool MayView(string definitionId) => actor.MayView(definitionId);

    public bool MayOperate(string definitionId) => actor.MayOperateOn(definitionId);

    public bool MayStart(string definitionId) => actor.MayStart(definitionId);
}
