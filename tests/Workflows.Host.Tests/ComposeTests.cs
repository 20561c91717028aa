using System.Reflection;
using System.Text.RegularExpressions;
using Workflows.Engine.Runtime;
using Workflows.Host.Channels;
using Workflows.Host.Channels.Mail;
using Workflows.Host.Channels.Sms;
using Workflows.Host.Hosting;
using Workflows.Host.Messages;
using Workflows.Persistence;
using Workflows.Testing;

namespace Workflows.Host.Tests;

/// <summary>Not every machine has a Docker engine, so the files are checked against the settings the code really has.</summary>
public sealed partial class ComposeTests
{
    private static readonly (string Section, Type Options)[] Sections =
    [
        (PersistenceOptions.Section, typeof(PersistenceOptions)),
        (EngineOptions.Section, typeof(EngineOptions)),
        (WorkflowHostOptions.Section, typeof(WorkflowHostOptions)),
        (HttpChannelOptions.Section, typeof(HttpChannelOptions)),
        (MessageOptions.Section, typeof(MessageOptions)),
        (SmtpOptions.Section, typeof(SmtpOptions)),
        (SmsOptions.Section, typeof(SmsOptions)),
    ];

    [Theory]
    [InlineData("docker-compose.yml")]
    [InlineData("Dockerfile")]
    [InlineData("README.md")]
    public void Every_setting_named_in_a_file_is_one_of_the_code(string file)
    {
        var known = Sections.SelectMany(s => Names(s.Section, s.Options)).ToHashSet(StringComparer.Ordinal);

        var named = Setting().Matches(File.ReadAllText(Path.Combine(Repository.Root, file))).Select(m => m.Value.Replace("__", ":", StringComparison.Ordinal)).ToHashSet();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, known));
    }

    [Fact]
    public void Two_hosts_a_database_and_a_mail_catcher_are_composed()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docker-compose.yml"));
        Assert.Equal(2, Regex.Count(text, @"<<: \*host"));
        Assert.Matches("image: postgres:1[5-9]", text);
        Assert.Contains("mailpit", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\t", text, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(string section, Type options)
    {
        foreach (var property in options.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = $"{section}:{property.Name}";
            yield return name;
            if (property.PropertyType.IsClass && property.PropertyType.Namespace!.StartsWith("Workflows", StringComparison.Ordinal))
            {
                foreach (var inner in Names(name, property.PropertyType))
                    yield return inner;
            }
        }
    }

    [GeneratedRegex(@"Workflows__\w+")]
    private static partial Regex Setting();
}
