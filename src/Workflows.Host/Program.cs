using Workflows.Host.Hosting;

// dotnet run --project src/Workflows.Host                      serve
// dotnet run --project src/Workflows.Host -- import sales FILE take shop data in
// dotnet run --project src/Workflows.Host -- demo              play the main process
// dotnet run --project src/Workflows.Host -- definitions validate   check definition files (also export, import)
// dotnet run --project src/Workflows.Host -- help
if (CommandLine.Find(args) is { } command)
    return await command();

return await HostApplication.ServeAsync(args);
