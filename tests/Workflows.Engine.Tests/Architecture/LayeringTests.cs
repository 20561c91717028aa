using System.Xml.Linq;
using Workflows.Testing;

namespace Workflows.Engine.Tests.Architecture;

public sealed class LayeringTests
{
    [Theory]
    [InlineData("Workflows.Engine", "")]
    [InlineData("Workflows.Activities", "Workflows.Engine")]
    [InlineData("Workflows.Persistence", "Workflows.Engine")]
    [InlineData("Workflows.Designer", "Workflows.Engine")]
    [InlineData("Workflows.Host", "Workflows.Activities Workflows.Designer Workflows.Persistence")]
    public void A_project_refers_only_to_the_rooms_below_it(string project, string allowed)
    {
        var file = Path.Combine(Repository.Root, "src", project, $"{project}.csproj");

        var references = XDocument.Load(file).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!));

        Assert.Empty(references.Except(allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void The_engine_uses_no_database_driver_no_http_and_no_scheduler()
    {
        var packages = XDocument.Load(Path.Combine(Repository.Root, "src", "Workflows.Engine", "Workflows.Engine.csproj"))
            .Descendants("PackageReference").Select(r => (string)r.Attribute("Include")!);

        Assert.All(packages, p => Assert.StartsWith("Microsoft.Extensions.", p, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_source_file_declares_the_namespace_of_its_folder()
    {
        var source = Path.Combine(Repository.Root, "src");
        var strays = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f) != "Program.cs")
            .Where(f => !File.ReadLines(f).Any(l => l == $"namespace {Path.GetRelativePath(source, Path.GetDirectoryName(f)!).Replace(Path.DirectorySeparatorChar, '.')};"));

        Assert.Empty(strays);
    }
}
