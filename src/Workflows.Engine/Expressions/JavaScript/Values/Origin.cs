namespace Workflows.Engine.Expressions.JavaScript.Values;

/// <summary>The variable whose data a script sees. A change anywhere inside it is noticed here, so that it is stored when the script ends.</summary>
internal sealed class Origin
{
    public bool IsChanged { get; set; }
}
