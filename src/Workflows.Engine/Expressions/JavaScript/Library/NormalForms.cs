namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>Unicode normal forms.</summary>
internal static class NormalForms
{
    public static string Apply(Evaluation e, string text, bool composed, bool compatible)
    {
        e.Step(text.Length);
        e.AllocateText(text.Length);
        return text.Normalize(composed ? (compatible ? System.Text.NormalizationForm.FormKC : System.Text.NormalizationForm.FormC) : compatible ? System.Text.NormalizationForm.FormKD : System.Text.NormalizationForm.FormD);
    }
}
