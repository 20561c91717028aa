using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using Workflows.Host.Security;

namespace Workflows.Host.Api;

/// <summary>The OpenAPI document of the REST API, at /openapi/v1.json; open to everybody in Development only.</summary>
internal static class OpenApiDocument
{
    public static void AddWorkflowOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Workflows API", Version = "v1", Description = "审批与流程引擎接口。错误按 RFC 9457 返回，code 稳定；状态变更接受 Idempotency-Key 与 If-Match。" };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [BearerTokenHandler.SchemeName] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "POST /api/v1/tokens" },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            if (!metadata.OfType<IAllowAnonymous>().Any())
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerTokenHandler.SchemeName, context.Document)] = [] }];
            if (context.Description.HttpMethod is "POST" or "PUT" or "DELETE")
            {
                operation.Parameters ??= [];
                operation.Parameters.Add(new OpenApiParameter
                {
                    Name = IdempotencyFilter.Header,
                    In = ParameterLocation.Header,
                    Description = "相同的键与请求得到相同的应答",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 200 },
                });
            }

            return Task.CompletedTask;
        });
    });

    public static void MapOpenApiDocument(this WebApplication app)
    {
        var document = app.MapOpenApi("/openapi/{documentName}.json");
        if (app.Environment.IsDevelopment())
            document.AllowAnonymous();
    }
}
