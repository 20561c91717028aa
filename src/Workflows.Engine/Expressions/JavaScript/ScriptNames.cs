namespace Workflows.Engine.Expressions.JavaScript;

/// <summary>Names a script can use besides its own and the library's: those of the workflow around it.</summary>
internal abstract class ScriptNames
{
    /// <summary>None at all.</summary>
    public static ScriptNames None { get; } = new NoNames();

    /// <summary>What a name means in one evaluation; null when it means nothing. Asked once, when code is made.</summary>
    public abstract Func<Evaluation, Values.JsValue>? Find(string name);

    /// <summary>The words for a name that means nothing to anybody.</summary>
    public abstract string Unknown(string name);

    /// <summary>The value of the workflow that "name.word" or "name('word')" means; null when it means none.</summary>
    public virtual ExpressionReference? ReferenceOf(string name, string? word) => null;

    private sealed class NoNames : ScriptNames
    {
        public override Func<Evaluation, Values.JsValue>? Find(string name) => null;

        public override string Unknown(string name) => $"没有名为“{name}”的变量或函数 ('{name}' is not defined)";
    }
}
