using Workflows.Host.Pages.Text;

namespace Workflows.Host.Pages.People;

/// <summary>
/// What a browser calls itself, in words people know: "Chrome · Windows". The order matters: apps with a browser inside, and Edge, name the
/// browsers they are made of as well. What is not recognised is "unknown"; nothing is decided by it.
/// </summary>
internal static class DeviceNames
{
    private static readonly (string Sign, string Key)[] Programs =
    [
        ("MicroMessenger", "device.wechat"), ("DingTalk", "device.dingtalk"), ("Lark", "device.feishu"), ("Feishu", "device.feishu"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
    ];

    private static readonly (string Sign, string Key)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
    ];

    public static string Of(string device, Texts t)
    {
        string[] known = [.. new[] { Find(Programs, device), Find(Systems, device) }.OfType<string>().Select(k => t.Or(k, k))];
        return known.Length > 0 ? string.Join(" · ", known) : t["device.unknown"];
    }

    private static string? Find((string Sign, string Key)[] table, string device) => table.FirstOrDefault(s => device.Contains(s.Sign, StringComparison.Ordinal)).Key;
}
