using System.Diagnostics;
using System.Runtime.CompilerServices;
using Workflows.Engine.Expressions.JavaScript.Library;
using Workflows.Engine.Expressions.JavaScript.Values;
using Workflows.Engine.Expressions.JavaScript.Workflow;

namespace Workflows.Engine.Expressions.JavaScript;

/// <summary>One run of a script: what it may see, and what it has used up. Not shared between threads.</summary>
/// <remarks>
/// What can go wrong: a script loops, recurses, doubles a text, or asks one built-in for a gigabyte. The rule: whoever does
/// work in proportion to anything a script can choose says so first, with <see cref="Step"/> (work) or
/// <see cref="Allocate"/> (memory). Steps are counted cheaply; the clock is read once per few thousand of them. A limit is no
/// exception of the script: its catch and finally never see it.
/// </remarks>
internal sealed class Evaluation(IExpressionScope scope, ScriptLimits limits, TimeZoneInfo zone)
{
    private const int StepsPerClockRead = 4096;

    private const int StepsBeforeClock = 256;

    // Not business time: how long this very evaluation has been computing. The clock starts with its first reading, so that a
    // short expression never asks for the time.
    private long _end;
    private long _steps;
    private long _nextClockRead = StepsBeforeClock;
    private long _bytes;
    private int _depth;
    private ulong _random;
    private WorkflowData? _workflow;

    public IExpressionScope Scope { get; } = scope;

    /// <summary>The workflow's data; made when first asked for.</summary>
    public WorkflowData Workflow => _workflow ??= new WorkflowData(this);

    /// <summary>Stores variables that the script changed from inside. Call it once, after a run that ended well.</summary>
    public void StoreChanges() => _workflow?.StoreChanges();

    public ScriptLimits Limits { get; } = limits;

    /// <summary>The shop's time zone, in which Date shows local time.</summary>
    public TimeZoneInfo Zone { get; } = zone;

    /// <summary>Says that work proportional to <paramref name="count"/> is about to be done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(long count = 1)
    {
        _steps += count;
        if (_steps >= _nextClockRead)
            CheckTime();
    }

    /// <summary>Says that so many bytes are about to be allocated.</summary>
    public void Allocate(long bytes)
    {
        _bytes += bytes;
        if (_bytes > Limits.Bytes)
            throw new ExpressionError($"超出内存上限 {Limits.Bytes / 1024 / 1024} MB (memory limit exceeded)");
    }

    /// <summary>Text of so many characters.</summary>
    public void AllocateText(long characters) => Allocate(2 * characters);

    /// <summary>A list of so many elements; also counts a step for each.</summary>
    public void AllocateElements(long count)
    {
        Allocate(16 * count);
        Step(count);
    }

    /// <summary>Calls a function value. Throws a TypeError of the script when it is none.</summary>
    public JsValue Call(JsValue function, JsValue self, params JsValue[] arguments) =>
        function.Object is JsFunction callable ? Call(callable, self, arguments) : throw TypeError("不是函数 (not a function)");

    public JsValue Call(JsFunction function, JsValue self, JsValue[] arguments)
    {
        Enter();
        var result = function.Invoke(this, self, arguments);
        _depth--;
        return result;
    }

    public JsValue Construct(JsFunction function, JsValue[] arguments)
    {
        Enter();
        var result = function.Construct(this, arguments);
        _depth--;
        return result;
    }

    /// <summary>Calls a function from a place in the script.</summary>
    public JsValue Call(JsFunction function, JsValue self, JsValue[] arguments, Syntax.Position at)
    {
        At = at;
        return Call(function, self, arguments);
    }

    /// <summary>Where in the script the last operation stands that could fail.</summary>
    public Syntax.Position At { get; private set; }

    /// <summary>Notes the place of an operation about to be tried.</summary>
    public Evaluation Placed(Syntax.Position at)
    {
        At = at;
        return this;
    }

    /// <summary>Lists whose text is being made, outermost first: how one that contains itself is noticed.</summary>
    public List<JsArray> Joining => field ??= [];

    /// <summary>Depth at which a try began, so that a catch can go back to it.</summary>
    public int Depth
    {
        get => _depth;
        set => _depth = value;
    }

    /// <summary>A number in [0, 1) from the instance's own counter: the same in every run of the same burst.</summary>
    public double NextRandom()
    {
        if (_random == 0)
        {
            _random = 14695981039346656037;
            foreach (var c in Scope.NewId())
                _random = (_random ^ c) * 1099511628211;
        }

        _random += 0x9E3779B97F4A7C15;
        var mixed = (_random ^ (_random >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    public JsThrow TypeError(string message) => Error("TypeError", message);

    public JsThrow RangeError(string message) => Error("RangeError", message);

    public JsThrow ReferenceError(string message) => Error("ReferenceError", message);

    public JsThrow SyntaxError(string message) => Error("SyntaxError", message);

    /// <summary>An error of the script, to be thrown; the script can catch it.</summary>
    public JsThrow Error(string name, string message) => new(ErrorLibrary.Make(this, name, message), At);

    private void Enter()
    {
        if (++_depth > Limits.CallDepth)
            throw new ExpressionError($"超出调用深度上限 {Limits.CallDepth} (call depth limit exceeded)");
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new ExpressionError("超出调用深度上限：堆栈不足 (call depth limit exceeded: out of stack)");
        Step();
    }

    private void CheckTime()
    {
        if (_steps > Limits.Steps)
            throw new ExpressionError($"超出步数上限 {Limits.Steps:N0} (step limit exceeded)");
        var now = Stopwatch.GetTimestamp();
        if (_end == 0)
            _end = now + (long)(Limits.Time.TotalSeconds * Stopwatch.Frequency);
        if (now > _end)
            throw new ExpressionError($"超出时间上限 {Limits.Time.TotalMilliseconds:0} 毫秒 (time limit exceeded)");
        _nextClockRead = _steps + StepsPerClockRead;
    }
}

/// <summary>A value thrown by a script, or by a built-in on its behalf.</summary>
internal sealed class JsThrow(JsValue value, Syntax.Position? at) : Exception
{
    public JsValue Value { get; } = value;

    /// <summary>Where it was thrown.</summary>
    public Syntax.Position? At { get; } = at;
}
