using Workflows.Engine.Expressions.JavaScript.Library;

namespace Workflows.Engine.Expressions.JavaScript.Values;

/// <summary>An error of a script. Its message and cause are its own but not listed, so JSON.stringify shows {}; it has no stack.</summary>
/// <param name="type">Error, TypeError, RangeError, ...: what its name is until the script sets another.</param>
internal sealed class JsError(string type) : JsObject
{
    private JsValue _message = JsValue.Hole;
    private JsValue _cause = JsValue.Hole;

    /// <summary>Name of the constructor that made it.</summary>
    public string Type => type;

    public override string Kind => "Error";

    public override Members Library => ErrorLibrary.Methods;

    /// <summary>Own properties that are not listed.</summary>
    public IEnumerable<string> Unlisted => ((string[])["message", "cause"]).Where(key => TryGetOwn(key, out _));

    public override JsValue Get(string key)
    {
        if (TryGetOwn(key, out var value))
            return value;
        return key == "name" ? Type : key == "message" ? "" : Library.Find(key);
    }

    public override bool TryGetOwn(string key, out JsValue value)
    {
        value = key == "message" ? _message : key == "cause" ? _cause : JsValue.Hole;
        return !value.IsHole || base.TryGetOwn(key, out value);
    }

    public override void Set(Evaluation e, string key, JsValue value)
    {
        if (key == "message" ? _message.IsHole : key != "cause" || _cause.IsHole)
        {
            base.Set(e, key, value);
            return;
        }

        Own(e);
        SetUnlisted(key, value);
    }

    public override bool Delete(Evaluation e, string key)
    {
        if (key == "message" ? _message.IsHole : key != "cause" || _cause.IsHole)
            return base.Delete(e, key);
        Own(e);
        if (IsSealed)
            throw e.TypeError($"对象已锁定，不能删除“{key}” (object is sealed)");
        SetUnlisted(key, JsValue.Hole);
        return true;
    }

    /// <summary>Sets message or cause as the constructor does.</summary>
    public void SetUnlisted(string key, JsValue value)
    {
        if (key == "message")
            _message = value;
        else
            _cause = value;
    }
}
