namespace Workflows.Engine.Expressions.JavaScript.Library;

/// <summary>
/// Reads a date as Node does. First the ISO form: 2026-11-22 is UTC, 2026-11-22T10:00 local, with Z or +08:00 as they say. What is not
/// quite that is read piece by piece: numbers with colons are the time, other numbers the day, month names, AM and PM and
/// zone names count, the rest before the first number is skipped. So 2026/11/22 10:00, Nov 22, 2026, RFC 2822 and
/// Date's own text are understood, all local unless they name a zone.
/// </summary>
internal sealed class DateParser(string text)
{
    private readonly List<int> _day = [];
    private readonly List<int> _time = [];
    private DateTokens _tokens = new(text);
    private int? _namedMonth;
    private int? _afternoon;
    private int? _zoneSign;
    private int? _zoneHour;
    private int? _zoneMinute;

    /// <summary>Milliseconds as a clock shows them, NaN when the text is no date; and the minutes that clock is ahead of UTC, null for local time.</summary>
    public (double Local, double? Offset) Parse()
    {
        var iso = ReadIso();
        if (iso == Reading.Wrong || (iso == Reading.Other && !ReadPieces()))
            return (double.NaN, null);
        var date = Date(iso == Reading.Done);
        var time = Time();
        if (date is not var (year, month, day) || time is not var (hour, minute, second, millisecond))
            return (double.NaN, null);
        return (Calendar.Time([year, month - 1, day, hour, minute, second, millisecond]), _zoneSign * (((_zoneHour ?? 0) * 60) + (_zoneMinute ?? 0)));
    }

    private enum Reading
    {
        Done,
        Other,
        Wrong,
    }

    /// <summary>Leaves the tokens where the ISO form ends; what it understood of the day stays.</summary>
    private Reading ReadIso()
    {
        var sign = 0;
        if (_tokens.Peek().Symbol is '+' or '-')
        {
            var before = _tokens;
            sign = _tokens.Next().Symbol == '-' ? -1 : 1;
            if (!_tokens.Peek().IsNumber(6) || (sign < 0 && _tokens.Peek().Number == 0))
            {
                _tokens = before;
                return Reading.Other;
            }
        }
        else if (!_tokens.Peek().IsNumber(4))
        {
            return Reading.Other;
        }

        _day.Add(_tokens.Next().Number * (sign < 0 ? -1 : 1));
        for (var most = 12; most <= 31 && _tokens.Skip('-'); most += 19)
        {
            if (!_tokens.Peek().IsNumber(2) || _tokens.Peek().Number < 1 || _tokens.Peek().Number > most)
                return Reading.Other;
            _day.Add(_tokens.Next().Number);
        }

        if (_tokens.Peek().Word is not { Kind: WordKind.TimeMark })
        {
            if (!_tokens.Peek().IsEnd)
                return Reading.Other;
            (_zoneSign, _zoneHour) = (1, 0);
            return Reading.Done;
        }

        _tokens.Next();
        return ReadIsoTime() && ReadIsoZone() && _tokens.Peek().IsEnd ? Reading.Done : Reading.Wrong;
    }

    private bool ReadIsoTime()
    {
        if (!ReadTwo(24, out var hour))
            return false;

        // 24:00 is the end of the day; nothing may follow it.
        var most = hour == 24 ? 0 : 59;
        _time.Add(hour);
        if (!_tokens.Skip(':') || !ReadTwo(most, out var minute))
            return false;
        _time.Add(minute);
        if (!_tokens.Skip(':'))
            return true;
        if (!ReadTwo(most, out var second))
            return false;
        _time.Add(second);
        if (!_tokens.Skip('.'))
            return true;
        var fraction = _tokens.Next();
        _time.Add(fraction.Milliseconds);
        return fraction.IsNumber() && (hour < 24 || fraction.Number == 0);
    }

    private bool ReadIsoZone()
    {
        if (_tokens.Peek().IsZ)
        {
            _tokens.Next();
            (_zoneSign, _zoneHour) = (1, 0);
            return true;
        }

        if (_tokens.Peek().Symbol is not ('+' or '-'))
            return true;
        _zoneSign = _tokens.Next().Symbol == '-' ? -1 : 1;
        if (_tokens.Peek().IsNumber(4))
        {
            var both = _tokens.Next().Number;
            (_zoneHour, _zoneMinute) = (both / 100, both % 100);
            return _zoneHour < 24 && _zoneMinute < 60;
        }

        var isRead = ReadTwo(23, out var hour);
        var minute = 0;
        isRead = isRead && _tokens.Skip(':') && ReadTwo(59, out minute);
        (_zoneHour, _zoneMinute) = (hour, minute);
        return isRead;
    }

    private bool ReadTwo(int most, out int number)
    {
        number = _tokens.Peek().Number;
        return _tokens.Peek().IsNumber(2) && number <= most && _tokens.Next().IsNumber();
    }

    /// <summary>Everything that is no ISO form; false when something in it cannot be part of a date.</summary>
    private bool ReadPieces()
    {
        var hasNumber = _day.Count > 0;
        while (!_tokens.Peek().IsEnd)
        {
            var token = _tokens.Next();
            if (token.IsNumber())
            {
                hasNumber = true;
                if (!ReadNumber(token))
                    return false;
            }
            else if (token.Word is { } word)
            {
                if (!ReadWord(word, hasNumber))
                    return false;
            }
            else if (token.Symbol is '+' or '-' && (_time.Count > 0 || (_zoneHour == 0 && _zoneMinute == 0)))
            {
                hasNumber = true;
                if (!ReadZone(token.Symbol == '-' ? -1 : 1))
                    return false;
            }
            else if (token.Symbol is '+' or '-' or ')' && hasNumber)
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadNumber(DateToken token)
    {
        var number = token.Number;
        if (_tokens.Skip(':'))
        {
            if (_tokens.Skip(':'))
            {
                // Hours and a minute left out: "10::30".
                if (_time.Count > 0)
                    return false;
                _time.Add(number);
                number = 0;
            }

            if (_time.Count == 4)
                return false;
            _time.Add(number);
            _tokens.Skip('.');
            return true;
        }

        if (_tokens.Skip('.') && IsNextOfTime(number))
        {
            _time.Add(number);
            if (!_tokens.Peek().IsNumber())
                return false;
            EndTime(_tokens.Next().Milliseconds);
            return true;
        }

        if (_zoneHour is not null && _zoneMinute is null && number < 60)
        {
            _zoneMinute = number;
            return true;
        }

        if (IsNextOfTime(number))
        {
            EndTime(number);
            var next = _tokens.Peek();
            return next.IsEnd || next.IsWhiteSpace || next.IsZ || next.Symbol is '+' or '-';
        }

        if (_day.Count == 3)
            return false;
        _day.Add(number);
        _tokens.Skip('-');
        return true;
    }

    private bool IsNextOfTime(int number) => _time.Count switch
    {
        1 or 2 => number < 60,
        3 => number < 1000,
        _ => false,
    };

    private void EndTime(int last)
    {
        _time.Add(last);
        while (_time.Count < 4)
            _time.Add(0);
    }

    private bool ReadWord(DateWord word, bool hasNumber)
    {
        switch (word.Kind)
        {
            case WordKind.HalfDay when _time.Count > 0:
                _afternoon = word.Value;
                return true;
            case WordKind.Month:
                _namedMonth = word.Value;
                _tokens.Skip('-');
                return true;
            case WordKind.Zone when hasNumber:
                (_zoneSign, _zoneHour, _zoneMinute) = (word.Value < 0 ? -1 : 1, Math.Abs(word.Value), 0);
                return true;
            default:
                return !hasNumber && !_tokens.Peek().IsNumber();
        }
    }

    private bool ReadZone(int sign)
    {
        _zoneSign = sign;
        var digits = _tokens.Peek().IsNumber() ? _tokens.Next() : new DateToken { Number = 0 };
        if (_tokens.Peek().Symbol == ':')
        {
            (_zoneHour, _zoneMinute) = (digits.Number, null);
            return true;
        }

        if (digits.Length is 0 or > 4)
            return false;
        (_zoneHour, _zoneMinute) = digits.Length <= 2 ? (digits.Number, 0) : (digits.Number / 100, digits.Number % 100);
        return true;
    }

    private (int Year, int Month, int Day)? Date(bool isIso)
    {
        if (_day.Count == 0)
            return null;
        while (_day.Count < 3)
            _day.Add(1);
        var (year, month, day) = (0, 0, 0);
        if (_namedMonth is { } named)
        {
            month = named;
            (year, day) = IsDay(_day[0]) ? (_day[1], _day[0]) : (_day[0], _day[1]);
        }
        else
        {
            (year, month, day) = isIso || !IsDay(_day[0]) ? (_day[0], _day[1], _day[2]) : (_day[2], _day[0], _day[1]);
        }

        if (!isIso && year is >= 0 and < 100)
            year += year < 50 ? 2000 : 1900;
        return month is >= 1 and <= 12 && IsDay(day) ? (year, month, day) : null;
    }

    private (int Hour, int Minute, int Second, int Millisecond)? Time()
    {
        while (_time.Count < 4)
            _time.Add(0);
        var (hour, minute, second, millisecond) = (_time[0], _time[1], _time[2], _time[3]);
        if (_afternoon is { } hours)
        {
            if (hour > 12)
                return null;
            hour = (hour % 12) + hours;
        }

        var isWithinDay = hour < 24 && minute < 60 && second < 60 && millisecond < 1000;
        return isWithinDay || (hour == 24 && minute == 0 && second == 0 && millisecond == 0) ? (hour, minute, second, millisecond) : null;
    }

    private static bool IsDay(int number) => number is >= 1 and <= 31;
}
