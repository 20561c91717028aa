using Microsoft.AspNetCore.Components;
using Workflows.Engine.Storage;

namespace Workflows.Designer;

/// <summary>
/// What the designer asks of the program it runs in: who makes a request, what that person may do, and the frame around a page.
/// The designer sees no sign-in and no rights of its own, so there is one place that knows them.
/// </summary>
public interface IDesignerHost
{
    /// <summary>The person behind the request with the rights of this moment; null when nobody is signed in.</summary>
    ValueTask<IDesignerPerson?> FindPersonAsync(HttpContext http);

    /// <summary>Language of the pages: Chinese, else English.</summary>
    bool IsChinese(HttpContext http);

    /// <summary>Hidden proof for forms: name of the field and value.</summary>
    (string Field, string Value) ProofOf(HttpContext http);

    /// <summary>A page in the frame of the staff pages.</summary>
    ValueTask<IResult> PageAsync(HttpContext http, string title, RenderFragment body, int status = 200);

    /// <summary>Records who took whose edit lock, who set which rights, and the like.</summary>
    OrganisationAudit Audit(IDesignerPerson person, string kind, string subject, System.Text.Json.Nodes.JsonNode? detail = null);
}

/// <summary>A person as the designer sees them.</summary>
public interface IDesignerPerson
{
    string UserName { get; }

    string DisplayName { get; }

    /// <summary>Designs, sees or mends at least one process; nobody else has business here.</summary>
    bool MayUseDesigner { get; }

    /// <summary>Designs every process, and may make new ones.</summary>
    bool MayDesignAll { get; }

    /// <summary>Sets rights of processes.</summary>
    bool MayAdminister { get; }

    /// <summary>Definitions whose instances this person sees although they are others'; null for all.</summary>
    IReadOnlyList<string>? ViewedDefinitions { get; }

    /// <summary>Changes and publishes the definition.</summary>
    bool MayDesign(string definitionId);

    /// <summary>Reads the definition as it is written.</summary>
    bool MayRead(string definitionId);

    /// <summary>Sees every instance of it.</summary>
    bool MayView(string definitionId);

    /// <summary>Cancels and mends instances of it.</summary>
    bool MayOperate(string definitionId);

    /// <summary>Starts it.</summary>
    bool MayStart(string definitionId);
}
