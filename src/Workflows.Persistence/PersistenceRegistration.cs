using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Workflows.Engine.Storage;
using Workflows.Engine.Store;
using Workflows.Engine.Thresholds;
using Workflows.Engine.Timers;
using Workflows.Persistence.Bookmarks;
using Workflows.Persistence.Clock;
using Workflows.Persistence.Clocks;
using Workflows.Persistence.Commit;
using Workflows.Persistence.Databases;
using Workflows.Persistence.Definitions;
using Workflows.Persistence.Design;
using Workflows.Persistence.Drafts;
using Workflows.Persistence.Events;
using Workflows.Persistence.Inbox;
using Workflows.Persistence.Instances;
using Workflows.Persistence.Messages;
using Workflows.Persistence.Migrations;
using Workflows.Persistence.Operations;
using Workflows.Persistence.Organisation;
using Workflows.Persistence.Outbox;
using Workflows.Persistence.Store;
using Workflows.Persistence.Thresholds;
using Workflows.Persistence.Timers;
using Workflows.Persistence.UserTasks;

namespace Workflows.Persistence;

public static class PersistenceRegistration
{
    /// <summary>
    /// Registers the database of section "Workflows", all stores and the committer. Migrations run before any hosted service
    /// starts; a program without a host calls <see cref="Migrator.MigrateAsync"/> itself.
    /// </summary>
    public static IServiceCollection AddWorkflowPersistence(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(PersistenceOptions.Section);
        return services.AddWorkflowPersistence(options =>
        {
            options.DataDirectory = section["DataDirectory"] ?? options.DataDirectory;
            options.Database.ConnectionString = section["Database:ConnectionString"];
            options.Database.Provider = Parse(section, "Database:Provider", options.Database.Provider);
            options.Database.Synchronous = Parse(section, "Database:Synchronous", options.Database.Synchronous);
            options.Database.Committers = section.GetValue("Database:Committers", options.Database.Committers);
        });
    }

    public static IServiceCollection AddWorkflowPersistence(this IServiceCollection services, Action<PersistenceOptions> configure)
    {
        services.AddOptions<PersistenceOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => Open(provider.GetRequiredService<IOptions<PersistenceOptions>>().Value));
        services.AddSingleton<Migrator>();
        services.AddHostedService<PersistenceStartup>();

        services.AddSingleton<ICommitter, GroupCommitter>();
        services.AddSingleton<IInstanceStore, InstanceStore>();
        services.AddSingleton<IBookmarkStore, BookmarkStore>();
        services.AddSingleton<ITimerStore, TimerStore>();
        services.AddSingleton<IOutboxStore, OutboxStore>();
        services.AddSingleton<IEventStore, EventStore>();
        services.AddSingleton<IDefinitionStore, DefinitionStore>();
        services.AddSingleton<IDesignStore, DesignStore>();
        services.AddSingleton<IUserTaskStore, UserTaskStore>();
        services.AddSingleton<IInboxStore, InboxStore>();
        services.AddSingleton<ICheckStore, CheckStore>();
        services.AddSingleton<ICaseFileStore, CaseFileStore>();
        services.AddSingleton<IDraftStore, DraftStore>();
        services.AddSingleton<IPersonalStore, PersonalStore>();
        services.AddSingleton<INoticeStore, NoticeStore>();
        services.AddSingleton<IDeliveryStore, DeliveryStore>();
        services.AddSingleton<IMessageSettingStore, MessageSettingStore>();
        services.AddSingleton<IOrganisationStore, OrganisationStore>();
        services.AddSingleton<IOpenTaskStore, OpenTaskStore>();
        services.AddSingleton<IAccessStore, AccessStore>();
        services.AddSingleton<ISignInStore, SignInStore>();
        services.AddSingleton<IClockStore, ClockStore>();
        services.AddSingleton<IClockRowStore, ClockRowStore>();
        services.AddSingleton<ITimeRuleStore, TimeRuleStore>();
        services.AddSingleton<IAnswerStore, AnswerStore>();
        services.AddSingleton<IHousekeepingStore, HousekeepingStore>();
        services.AddSingleton<IFiguresStore, FiguresStore>();
        services.AddSingleton<IThresholdStore, ThresholdStore>();

        services.AddSingleton(provider => new EmbeddedStore(provider.GetRequiredService<Database>(), provider.GetRequiredService<EngineClock>()));
        services.AddSingleton<IStorePlatform>(provider => provider.GetRequiredService<EmbeddedStore>());
        services.AddSingleton<IStoreIntake>(provider => provider.GetRequiredService<EmbeddedStore>());
        services.AddSingleton<ICustomerRegister>(provider => provider.GetRequiredService<EmbeddedStore>());
        services.AddSingleton<IStoreControls>(provider => provider.GetRequiredService<EmbeddedStore>());
        services.AddSingleton<IStoreOrders>(provider => provider.GetRequiredService<EmbeddedStore>());
        services.AddSingleton<IShopFigures>(provider => provider.GetRequiredService<EmbeddedStore>());
        services.AddSingleton<IImportUploads>(provider => new ImportUploads(provider.GetRequiredService<Database>(), provider.GetRequiredService<EngineClock>()));
        services.AddSingleton<IStoreTrials>(provider => provider.GetRequiredService<EmbeddedStore>());
        services.AddSingleton(provider => new StoreImporter(provider.GetRequiredService<IStoreIntake>(), provider.GetRequiredService<EngineClock>()));
        // Made up in our own database, whichever shop the processes work on.
        services.AddSingleton(provider => new DemoShop(provider.GetRequiredService<EmbeddedStore>(), provider.GetRequiredService<EmbeddedStore>()));

        // A test that brings its own clock registers it first.
        services.TryAddSingleton<DatabaseClock>();
        services.TryAddSingleton<EngineClock>(provider => provider.GetRequiredService<DatabaseClock>());
        services.AddHostedService<DatabaseClockLoop>();
        return services;
    }

    /// <summary>The database the options name; nothing is opened yet.</summary>
    public static Database Open(PersistenceOptions options) => options.Database.Provider == DatabaseKind.Postgres
        ? new PostgresDatabase(options.Database.ConnectionString!) { Committers = options.Database.Committers }
        : new SqliteDatabase(options.DataDirectory, options.Database.ConnectionString, options.Database.Synchronous);

    private static T Parse<T>(IConfigurationSection section, string key, T otherwise)
        where T : struct, Enum =>
        section[key] is not { Length: > 0 } text ? otherwise
        : Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value
        : throw new OptionsValidationException(key, typeof(PersistenceOptions), [$"{section.Path}:{key} is '{text}'; known are {string.Join(", ", Enum.GetNames<T>())}."]);
}
