using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Workflows.Persistence.Databases;

/// <summary>Many rows as one argument: a JSON array of objects with the names of the columns, which a statement of either database unpacks.</summary>
internal static class JsonRows
{
    /// <summary>The rows as one JSON array; null for none. Texts, whole numbers and what becomes one.</summary>
    public static string? Write(IEnumerable<SqlArgs> rows)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var isEmpty = true;
        using (var json = new Utf8JsonWriter(buffer, JsonText.Writing))
        {
            json.WriteStartArray();
            foreach (var row in rows)
            {
                isEmpty = false;
                json.WriteStartObject();
                foreach (var (name, value) in row)
                {
                    json.WritePropertyName(name);
                    switch (SqlArgs.Normalise(value))
                    {
                        case null:
                            json.WriteNullValue();
                            break;
                        case string text:
                            json.WriteStringValue(text);
                            break;
                        case var number:
                            json.WriteNumberValue(Convert.ToInt64(number, null));
                            break;
                    }
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return isEmpty ? null : Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
