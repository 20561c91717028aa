using Workflows.Engine.Organisation;
using Workflows.Engine.Storage;
using Workflows.Host.Api;
using Workflows.Host.Security;

namespace Workflows.Host.Organisation;

/// <summary>Departments, posts, groups and outside contacts.</summary>
internal static class StructureEndpoints
{
    public static void MapStructure(this IEndpointRouteBuilder all, IEndpointRouteBuilder admin)
    {
        all.MapGet("/departments", (IOrganisationSource o) => Listed(o.Current.Data.Departments)).Produces<Page<Department>>().WithSummary("部门 (departments)");
        all.MapGet("/posts", (IOrganisationSource o) => Listed(o.Current.Data.Posts)).Produces<Page<Post>>().WithSummary("岗位 (posts)");
        all.MapGet("/groups", (IOrganisationSource o) => Listed(o.Current.Data.Groups)).Produces<Page<Group>>().WithSummary("小组 (groups)");
        admin.MapGet("/contacts", (IOrganisationSource o) => Listed(o.Current.Data.Contacts)).Produces<Page<ExternalContact>>().WithSummary("外部联系人 (outside contacts)");
        admin.MapPut("/departments/{id}", PutDepartmentAsync).Accepts<SaveDepartment>("application/json").Produces<Department>().WithSummary("新增或修改部门 (save a department)");
        admin.MapPut("/posts/{id}", PutPostAsync).Accepts<SavePost>("application/json").Produces<Post>().WithSummary("新增或修改岗位 (save a post)");
        admin.MapPut("/groups/{id}", PutGroupAsync).Accepts<SaveGroup>("application/json").Produces<Group>().WithSummary("新增或修改小组 (save a group)");
        admin.MapPut("/contacts/{id}", PutContactAsync).Accepts<SaveContact>("application/json").Produces<ExternalContact>().WithSummary("新增或修改外部联系人 (save an outside contact)");
        admin.MapDelete("/departments/{id}", DeleteDepartmentAsync).Produces(204).WithSummary("删除空部门 (delete an empty department)");
        admin.MapDelete("/posts/{id}", DeletePostAsync).Produces(204).WithSummary("删除无人的岗位 (delete a post nobody has)");
        admin.MapDelete("/groups/{id}", DeleteGroupAsync).Produces(204).WithSummary("删除小组 (delete a group)");
        admin.MapDelete("/contacts/{id}", DeleteContactAsync).Produces(204).WithSummary("删除外部联系人 (delete an outside contact)");
    }

    private static Task<IResult> PutDepartmentAsync(string id, Strict<SaveDepartment> body, Actor actor, OrganisationChanges changes, CancellationToken cancellationToken) =>
        SaveDepartmentAsync(id, body.Value, actor, changes, cancellationToken);

    private static Task<IResult> PutPostAsync(string id, Strict<SavePost> body, Actor actor, OrganisationChanges changes, CancellationToken cancellationToken) =>
        SavePostAsync(id, body.Value, actor, changes, cancellationToken);

    private static Task<IResult> PutGroupAsync(string id, Strict<SaveGroup> body, Actor actor, OrganisationChanges changes, CancellationToken cancellationToken) =>
        SaveGroupAsync(id, body.Value, actor, changes, cancellationToken);

    private static Task<IResult> PutContactAsync(string id, Strict<SaveContact> body, Actor actor, OrganisationChanges changes, CancellationToken cancellationToken) =>
        SaveContactAsync(id, body.Value, actor, changes, cancellationToken);

    private static IResult Listed<T>(IReadOnlyList<T> items) => Results.Json(new Page<T>(items, null), ApiJson.Options);

    internal static async Task<IResult> SaveDepartmentAsync(string id, SaveDepartment sent, Actor actor, OrganisationChanges changes, CancellationToken cancellationToken)
    {
        var data = await changes.ReadAsync(cancellationToken);
        var department = new Department(id, sent.Name.Trim(), sent.Parent, sent.Head, sent.Position);
        var problem = Named(id, department.Name);
        if (department.Parent is { } parent && data.Departments.All(d => d.Id != parent))
            problem = problem.At("$.parent", "unknown-department", "没有此部门", "no such department");
        else if (OrganisationRules.IsInCircle(department, data.Departments))
            problem = problem.At("$.parent", "circle", "上级部门循环", "the tree would be a circle");
        if (department.Head is { } head && !data.People.Any(p => p.UserName == head && p.IsActive))
            problem = problem.At("$.head", "unknown-person", "没有此在职人员", "no such active person");
        return problem.Errors.Count > 0 ? problem
            : await changes.AnswerAsync(new OrganisationChange { Departments = [department], ExpectedStamp = data.Stamp, Audit = changes.Audit(actor, "department", id) }, department, cancellationToken);
    }

    internal static async Task<IResult> SavePostAsync(string id, SavePost sent, Actor actor, OrganisationChanges changes, CancellationToken cancellationToken)
    {
        var data = await changes.ReadAsync(cancellationToken);
        var post = new Post(id, sent.Name.Trim(), sent.Department);
        var problem = Named(id, post.Name);
        if (post.Department is { } department && data.Departments.All(d => d.Id != department))
            problem = problem.At("$.department", "unknown-department", "没有此部门", "no such department");
        return problem.Errors.Count > 0 ? problem
            : await changes.AnswerAsync(new OrganisationChange { Posts = [post], ExpectedStamp = data.Stamp, Audit = changes.Audit(actor, "post", id) }, post, cancellationToken);
    }

    internal static async Task<IResult> SaveGroupAsync(string id, SaveGroup sent, Actor actor, OrganisationChanges changes, CancellationToken cancellationToken)
    {
        var data = await changes.ReadAsync(cancellationToken);
        var group = new Group(id, sent.Name.Trim(), [.. sent.Members.Distinct()]);
        var problem = Named(id, group.Name);
        foreach (var (member, index) in group.Members.Select((m, i) => (m, i)).Where(x => data.People.All(p => p.UserName != x.m)))
            problem = problem.At($"$.members[{index}]", "unknown-person", $"没有人员“{member}”", $"no person {member}");
        return problem.Errors.Count > 0 ? problem
            : await changes.AnswerAsync(new OrganisationChange { Groups = [group], ExpectedStamp = data.Stamp, Audit = changes.Audit(actor, "group", id) }, group, cancellationToken);
    }

    internal static async Task<IResult> SaveContactAsync(string id, SaveContact sent, Actor actor, OrganisationChanges changes, CancellationToken cancellationToken)
    {
        var contact = new ExternalContact(id, sent.Name.Trim(), sent.Company, sent.Kind, sent.Email, sent.Mobile, sent.Note, sent.IsActive);
        var problem = Named(id, contact.Name);
        foreach (var (field, reason) in new[]
        {
            ("kind", OrganisationRules.CheckKey(contact.Kind)), ("company", OrganisationRules.CheckText(contact.Company, false)), ("note", OrganisationRules.CheckText(contact.Note, false)),
            ("email", OrganisationRules.CheckEmail(contact.Email)), ("mobile", OrganisationRules.CheckMobile(contact.Mobile)),
        })
        {
            if (reason is not null)
                problem = problem.At("$." + field, reason);
        }

        return problem.Errors.Count > 0 ? problem
            : await changes.AnswerAsync(new OrganisationChange { Contacts = [contact], Audit = changes.Audit(actor, "contact", id) }, contact, cancellationToken);
    }

    internal static async Task<IResult> DeleteDepartmentAsync(string id, Actor actor, OrganisationChanges changes, CancellationToken cancellationToken)
    {
        var data = await changes.ReadAsync(cancellationToken);
        if (data.Departments.All(d => d.Id != id))
            return Refusals.NotFound;
        if (data.People.Any(p => p.IsActive && p.Department == id) || data.Departments.Any(d => d.Parent == id))
            return Refusals.StateConflict.Because("部门还有人员或下级部门", "the department still has people or departments below it");
        return await DeleteAsync(new OrganisationChange { DepartmentsRemoved = [id], ExpectedStamp = data.Stamp, Audit = changes.Audit(actor, "department-removed", id) }, changes, cancellationToken);
    }

    internal static async Task<IResult> DeletePostAsync(string id, Actor actor, OrganisationChanges changes, CancellationToken cancellationToken)
    {
        var data = await changes.ReadAsync(cancellationToken);
        if (data.Posts.All(p => p.Id != id))
            return Refusals.NotFound;
        if (data.People.Any(p => p.IsActive && p.Post == id))
            return Refusals.StateConflict.Because("还有人员在此岗位", "somebody still has this post");
        return await DeleteAsync(new OrganisationChange { PostsRemoved = [id], ExpectedStamp = data.Stamp, Audit = changes.Audit(actor, "post-removed", id) }, changes, cancellationToken);
    }

    internal static async Task<IResult> DeleteGroupAsync(string id, Actor actor, OrganisationChanges changes, CancellationToken cancellationToken) =>
        (await changes.ReadAsync(cancellationToken)).Groups.All(g => g.Id != id) ? Refusals.NotFound
            : await DeleteAsync(new OrganisationChange { GroupsRemoved = [id], Audit = changes.Audit(actor, "group-removed", id) }, changes, cancellationToken);

    internal static async Task<IResult> DeleteContactAsync(string id, Actor actor, OrganisationChanges changes, CancellationToken cancellationToken) =>
        (await changes.ReadAsync(cancellationToken)).Contacts.All(c => c.Id != id) ? Refusals.NotFound
            : await DeleteAsync(new OrganisationChange { ContactsRemoved = [id], Audit = changes.Audit(actor, "contact-removed", id) }, changes, cancellationToken);

    private static async Task<IResult> DeleteAsync(OrganisationChange change, OrganisationChanges changes, CancellationToken cancellationToken) =>
        await changes.ApplyAsync(change, cancellationToken) ? new StoredAnswer(204) : Refusals.StateConflict;

    private static Problem Named(string id, string name)
    {
        var problem = Refusals.BadBody;
        if (OrganisationRules.CheckKey(id) is { } bad)
            problem = problem.At("id", bad);
        return OrganisationRules.CheckText(name, required: true) is { } worse ? problem.At("$.name", worse) : problem;
    }
}
