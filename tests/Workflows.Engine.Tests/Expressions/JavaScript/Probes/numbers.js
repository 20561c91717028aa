[(0.000001234).toString(), (1e21).toString(), (123.456).toString(), (255).toString(16), (255).toString(2), (0.5).toString(2), (-255).toString(36), (1e21).toString(36)]
[(0.1).toString(3), (3.7).toString(8), (1 / 3).toString(2), (123.456).toString(36)]
(5).toString(1)
(25).toString(37)
[(1.005).toFixed(2), (1.45).toFixed(1), (0).toFixed(2), (-1.5).toFixed(0), (2.5).toFixed(0), (1e21).toFixed(2), (123.456).toFixed(), (0.000001).toFixed(7), (-0.0000001).toFixed(2)]
[(10.235).toFixed(2), (8.345).toFixed(2), (1.255).toFixed(2), (0.615).toFixed(2), (1000000000000000128).toFixed(1), (5e-324).toFixed(3)]
(1.5).toFixed(101)
(1.5).toFixed(-1)
(1.23456789).toFixed(100)
[(123.456).toPrecision(4), (0.00001).toPrecision(1), (123456).toPrecision(2), (0).toPrecision(3), (1e21).toPrecision(3), (123.456).toPrecision(), (0.000001).toPrecision(2), (1.25).toPrecision(2), (99.99).toPrecision(3)]
(1).toPrecision(0)
[(123456).toExponential(2), (0).toExponential(), (0.00015).toExponential(), (123456).toExponential(), (1.5).toExponential(0), (-1.5e-9).toExponential(3)]
[NaN.toFixed(2), Infinity.toFixed(1), (-Infinity).toPrecision(3), NaN.toString(2)]
[parseInt('42px'), parseInt('  -17.9'), parseInt('0x1F'), parseInt('z', 36), parseInt('12', 3), parseInt('9', 8), parseInt(''), parseInt('abc'), parseInt('1e3'), parseInt(null), parseInt('0b1'), parseInt('-0')]
[parseInt(1e21), parseInt(0.0000005), parseInt('123', 1), parseInt('123', 37), parseInt('11', 0), parseInt('0x'), parseInt('١')]
[parseFloat('3.14abc'), parseFloat('.5.5'), parseFloat('-.5e-2x'), parseFloat('1e'), parseFloat('Infinityx'), parseFloat(''), parseFloat('0x10'), parseFloat('-0'), parseFloat('1_000')]
[Number('12'), Number(' 12 '), Number('1 2'), Number(''), Number(null), Number(undefined), Number(true), Number([5]), Number('0b101'), Number('1e1000'), Number('-'), Number('.'), Number('+5'), Number('Infinity'), Number('infinity'), Number(new Date(5)), Number('1_000'), Number('12px')]
[isNaN('x'), isNaN(''), isNaN(undefined), isFinite('5'), isFinite(Infinity), Number.isNaN('x'), Number.isNaN(NaN), Number.isFinite('5'), Number.isInteger(5.0), Number.isInteger('5'), Number.isSafeInteger(2 ** 53), Number.isSafeInteger(2 ** 53 - 1)]
[Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, Number.EPSILON, Number.MAX_VALUE, Number.MIN_VALUE, Number.POSITIVE_INFINITY]
Number.parseInt === parseInt && Number.parseFloat === parseFloat
[Math.round(2.5), Math.round(-2.5), Math.round(-0.4), Math.round(0.49999999999999994), Math.round(1e300), Math.round(-0.5), Math.round(4503599627370495.5)]
[Math.floor(-1.5), Math.ceil(-1.5), Math.ceil(-0.5), Math.trunc(-1.9), Math.trunc(0.9), Math.sign(-3), Math.sign(-0), Math.abs(-5), Math.abs('-3'), Math.abs(null)]
[Math.max(), Math.min(), Math.max(1, 'a'), Math.max(1, '5'), Math.max([2]), Math.max(1, undefined), Math.min(0, -0), Math.max(-0, 0)]
[Math.sqrt(16), Math.cbrt(27), Math.pow(2, 0.5), Math.hypot(3, 4), Math.hypot(), Math.pow(0, 0), Math.pow(NaN, 0), (1) ** Infinity, Math.sqrt(-1)]
[Math.log(Math.E), Math.log2(8), Math.log10(1000), Math.log1p(0), Math.exp(0), Math.expm1(0), Math.log(-1), Math.log(0)]
[Math.sin(0), Math.cos(0), Math.tan(0), Math.atan2(0, -1), Math.asin(2), Math.atan(Infinity), Math.PI, Math.E, Math.LN2, Math.SQRT2]
[Math.clz32(1), Math.imul(3, 4), Math.imul(0xffffffff, 5), Math.fround(5.5), Math.fround(0.1)]
[Math.sinh(0), Math.cosh(0), Math.tanh(Infinity), Math.asinh(0), Math.acosh(1), Math.atanh(0)]
typeof Math.random() + (Math.random() < 1) + (Math.random() >= 0)
[1234567.891.toLocaleString(), (1234.5).toLocaleString('zh-CN'), (0).toLocaleString(), (-1234567).toLocaleString('zh-CN'), (1e21).toLocaleString(), (0.0001).toLocaleString(), NaN.toLocaleString()]
[(1234.5).toLocaleString('zh-CN', {minimumFractionDigits: 2}), (1234.567).toLocaleString('zh-CN', {maximumFractionDigits: 1}), (0.256).toLocaleString('zh-CN', {style: 'percent'}), (0.256).toLocaleString('zh-CN', {style: 'percent', minimumFractionDigits: 1})]
[(1234.5).toLocaleString('zh-CN', {style: 'currency', currency: 'CNY'}), (-5).toLocaleString('zh-CN', {style: 'currency', currency: 'CNY'}), (1234.5).toLocaleString('zh-CN', {useGrouping: false}), (5).toLocaleString('zh-CN', {minimumIntegerDigits: 3})]
(1234.5678).toLocaleString('zh-CN', {minimumFractionDigits: 2, maximumFractionDigits: 2})
[0.1 + 0.7, 1 / 3, 2 / 3, 100 / 3, 1e16 + 1, 123456789 * 987654321]
[5 % 3, -5 % 3, 5 % -3, 5.5 % 2, 5 % 0, Infinity % 5, 5 % Infinity, -0 % 5]
[1e308 * 10, -1e308 * 10, 5e-324 / 2, 2 ** 1024, 2 ** -1075]
Math.round(1.005 * 100) / 100
Math.round(order.total * 1.13 * 100) / 100
(order.total * 0.88).toFixed(2)
+(order.total / 3).toFixed(2)
Number('1288.50') === order.total
(25).toString(2).padStart(8, '0')
[0x7fffffff + 1 | 0, 0xffffffff >> 0, 0xffffffff >>> 0, 1 << -1, 5 >>> 33]
[NaN > 1, NaN < 1, NaN == NaN, [NaN].includes(NaN), Infinity > 1e308]
[1 / -0, 1 / 0, -1 / 0, 0 / 0]
Number()
(12.34).valueOf() + Number.prototype1
[true + true, true + 'a', Boolean(''), Boolean('0'), Boolean([]), Boolean(NaN), !!-0, !!{}]
[true.toString(), String(false), JSON.stringify(true), true > false, true === 1, true == 1]
[1.0, 1.10, 100, 1e2, 1E+2, 0.1e1]
[4.7e-320.toString(), 1.0000000000000002, 0.30000000000000004, 9.95.toFixed(1), 1.45.toFixed(1), (1.35).toFixed(1)]
[123.456, -0.5, 1e100, 1.5e-10, 12345678901234567890].map(String)
[9.999.toFixed(2), 0.5.toFixed(0), 1.5.toFixed(0), (-2.5).toFixed(0), 1e-10.toFixed(2)]
numbers.map(n => n.toFixed(1)).join(' ')
[7, 12, 0.5].map(n => n.toString().padStart(5))
