using Microsoft.Extensions.Options;
using Workflows.Engine.Messages;
using Workflows.Engine.Outbox;
using Workflows.Host.Channels.Mail;
using Workflows.Host.Channels.Robots;
using Workflows.Host.Channels.Sms;
using Workflows.Host.Channels.Webhooks;

namespace Workflows.Host.Messages;

/// <summary>Registers messages: options, the gateways that are configured, intake and loop.</summary>
internal static class MessageRegistration
{
    public static void AddWorkflowMessages(this IServiceCollection services, IConfiguration configuration)
    {
        Add<MessageOptions>(services, MessageOptions.Section, o => o.FindFaults());
        Add<SmtpOptions>(services, SmtpOptions.Section, o => o.FindFaults());
        Add<SmsOptions>(services, SmsOptions.Section, o => o.FindFaults());
        Add<WebhookOptions>(services, WebhookOptions.Section, o => o.FindFaults());
        Add<RobotOptions>(services, RobotOptions.Section, o => o.FindFaults());

        // What is not configured does not exist; its messages are captured.
        if (Read<SmtpOptions>(configuration, SmtpOptions.Section).IsConfigured)
            services.AddSingleton<IMessageGateway, MailGateway>();
        if (Read<SmsOptions>(configuration, SmsOptions.Section).Provider != SmsProviderKind.None)
        {
            services.AddSingleton<SmsGateway>();
            services.AddSingleton<IMessageGateway>(s => s.GetRequiredService<SmsGateway>());
        }

        var hooks = Read<WebhookOptions>(configuration, WebhookOptions.Section);
        foreach (var (name, hook) in hooks)
            services.AddSingleton<IMessageGateway>(s => new WebhookGateway(name, hook, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(new EventListeners(@event => hooks.Values.Any(h => h.Wants(@event))));
        foreach (var (name, robot) in Read<RobotOptions>(configuration, RobotOptions.Section))
            services.AddSingleton<IMessageGateway>(s => new RobotGateway(name, robot, s.GetRequiredService<TimeProvider>()));

        services.AddSingleton<IMailTransport, SmtpTransport>();
        services.AddSingleton<MailFiles>();
        services.AddSingleton<GatewayList>();
        services.AddSingleton<TemplateBook>();
        services.AddSingleton<MessageComposer>();
        services.AddSingleton<TestMessage>();
        services.AddSingleton<MessageSignal>();
        services.AddSingleton<IEffectChannel, MessageIntake>();
        services.AddSingleton<MessageLoop>();
        services.AddHostedService(s => s.GetRequiredService<MessageLoop>());
    }

    private static void Add<T>(IServiceCollection services, string section, Func<T, IEnumerable<string>> faults)
        where T : class
    {
        services.AddOptions<T>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<T>>(new Whole<T>(section, faults));
    }

    private static T Read<T>(IConfiguration configuration, string section)
        where T : new()
    {
        var options = new T();
        configuration.GetSection(section).Bind(options);
        return options;
    }

    /// <summary>What annotations on single settings cannot say. Names the settings, never their values.</summary>
    private sealed class Whole<T>(string section, Func<T, IEnumerable<string>> faults) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options) =>
            faults(options).Select(f => $"{section}: {f}").ToList() is { Count: > 0 } found ? ValidateOptionsResult.Fail(found) : ValidateOptionsResult.Success;
    }
}
