using Microsoft.Extensions.Hosting;
using Workflows.Engine.Expressions;

namespace Workflows.Engine.Hosting;

/// <summary>
/// Runs one script while the host starts, so that the first instance with an expression does not wait for the code behind it
/// to be compiled. Nothing waits for it.
/// </summary>
internal sealed class ScriptWarmUp(ExpressionLanguages languages) : BackgroundService
{
    private const string Sample = "const list = [{ n: 1 }, { n: 2 }]; `${list.filter(i => i.n > 1).map(i => i.n).join()}` === '2' && JSON.stringify(list).length > 0 && new Date().getTime() > 0";

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Run(Run, stoppingToken);

    private void Run()
    {
        try
        {
            languages.Compile(new Expression("JavaScript", Sample), typeof(bool))(NoScope.Instance);
        }
        catch (ExpressionError)
        {
            // A machine so busy that the time limit strikes: the compiling was done all the same.
        }
    }
}
