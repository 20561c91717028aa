using Workflows.Engine.Expressions.JavaScript.Values;

namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>The names every script sees: Math, JSON, Object, Array, parseInt, ... Shared by all evaluations, so fixed.</summary>
internal static class Globals
{
    public static readonly Members All = new()
    {
        { "undefined", JsValue.Undefined },
        { "NaN", double.NaN },
        { "Infinity", double.PositiveInfinity },
        { "Object", ObjectLibrary.Constructor },
        { "Array", ArrayLibrary.Constructor },
        { "Function", FunctionLibrary.Constructor },
        { "Boolean", BooleanLibrary.Constructor },
        { "Date", DateLibrary.Constructor },
        { "JSON", JsonLibrary.Json },
        { "Math", MathLibrary.Math },
        { "Number", NumberLibrary.Constructor },
        { "RegExp", RegexLibrary.Constructor },
        { "String", StringLibrary.Constructor },
        { "decodeURI", UriLibrary.DecodeUri },
        { "decodeURIComponent", UriLibrary.DecodeUriComponent },
        { "encodeURI", UriLibrary.EncodeUri },
        { "encodeURIComponent", UriLibrary.EncodeUriComponent },
        { "isFinite", NumberLibrary.IsFinite },
        { "isNaN", NumberLibrary.IsNaN },
        { "parseFloat", NumberLibrary.ParseFloat },
        { "parseInt", NumberLibrary.ParseInt },
        { "Map", MapLibrary.Constructor },
        { "Set", SetLibrary.Constructor },
        { "Error", ErrorLibrary.Error },
        { "EvalError", ErrorLibrary.EvalError },
        { "RangeError", ErrorLibrary.RangeError },
        { "ReferenceError", ErrorLibrary.ReferenceError },
        { "SyntaxError", ErrorLibrary.SyntaxError },
        { "TypeError", ErrorLibrary.TypeError },
        { "URIError", ErrorLibrary.UriError },
    };
}
