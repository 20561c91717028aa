using System.Net;
using System.Text;
using Workflows.Host.Demo;

namespace Workflows.Host.Pages;

/// <summary>The page at "/": says that the API runs and where to look. Staff pages come with their own issue.</summary>
internal static class RootPage
{
    private const string Style = """
        :root { color-scheme: light dark; }
        body { font: 16px/1.7 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
        code { background: color-mix(in srgb, currentColor 8%, transparent); padding: .1em .35em; border-radius: .25em; }
        table { border-collapse: collapse; } td { padding: .15rem 1.2rem .15rem 0; }
        """;

    public static void MapRootPage(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", (IHostEnvironment environment) => Results.Content(Render(environment.IsDevelopment()), "text/html; charset=utf-8")).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/app.css", () => Results.Text(Style, "text/css; charset=utf-8")).AllowAnonymous().ExcludeFromDescription();
    }

    private static string Render(bool development)
    {
        var page = new StringBuilder("""
            <!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>流程平台</title><link rel="stylesheet" href="/app.css"></head><body>
            <h1>流程平台正在运行</h1>
            <p>审批与流程引擎的接口已就绪。员工页面尚未开放，目前请通过接口使用。</p>
            <table>
            <tr><td><code>POST /api/v1/tokens</code></td><td>登录，取得访问令牌</td></tr>
            <tr><td><code>GET /api/v1/tasks?view=todo</code></td><td>我的待办</td></tr>
            <tr><td><code>POST /api/v1/instances</code></td><td>发起流程</td></tr>
            <tr><td><a href="/health/ready">/health/ready</a></td><td>运行状况</td></tr>
            """);
        if (development)
        {
            page.Append("""<tr><td><a href="/openapi/v1.json">/openapi/v1.json</a></td><td>接口说明 (OpenAPI)</td></tr>""");
        }

        page.Append("</table>");
        if (development)
        {
            page.Append($"<h2>演示账号（密码均为 <code>{DemoOrganisation.Password}</code>）</h2><table>");
            foreach (var person in DemoOrganisation.People)
                page.Append($"<tr><td><code>{WebUtility.HtmlEncode(person.UserName)}</code></td><td>{WebUtility.HtmlEncode(person.DisplayName)}</td></tr>");
            page.Append("</table>");
        }

        return page.Append("</body></html>").ToString();
    }
}
