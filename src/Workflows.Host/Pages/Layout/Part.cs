using Microsoft.AspNetCore.Components;
using Workflows.Host.Pages.Text;

namespace Workflows.Host.Pages.Layout;

/// <summary>A piece of a page: knows the page it stands on.</summary>
public abstract class Part : ComponentBase
{
    [CascadingParameter]
    public required PageContext Page { get; set; }

    protected Texts T => Page.T;
}
