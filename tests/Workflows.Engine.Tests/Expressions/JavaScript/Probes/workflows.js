order.total >= 5000 ? '总监' : order.total >= 1000 ? '经理' : '自动'
order.items.every(i => i.quantity > 0) && order.items.some(i => i.tags?.includes('gift'))
order.items.map(i => i.price * i.quantity).reduce((a, b) => a + b, 0).toFixed(2)
const total = order.items.reduce((s, i) => s + i.price * i.quantity, 0); const discount = customer.vip ? 0.9 : 1; Math.round(total * discount * 100) / 100
`${customer.name}您好：\n${order.items.map((i, n) => `${n + 1}. ${i.name} × ${i.quantity}`).join('\n')}\n合计 ¥${order.total.toFixed(2)}`
({subject: `订单 ${order.id}`, to: customer.email, urgent: order.total > 1000, lines: order.items.length})
const {address: {city, zip = '-'}, items: [first]} = order; ({city, zip, first: first.name})
order.note ?? '无备注'
order.note?.trim() || '无备注'
!order.note && '需要备注'
[...order.items].sort((a, b) => b.price - a.price)[0].name
order.items.find(i => i.sku === 'P9')?.name ?? '未找到'
Object.values(order.items.reduce((g, i) => { const k = i.price > 50 ? 'A' : 'B'; g[k] = g[k] || {k, n: 0}; g[k].n += i.quantity; return g }, {}))
const age = Math.floor((new Date('2026-06-01') - new Date(order.createdAt)) / 86400000); age > 7 ? '超时' : `第 ${age} 天`
order.status === 'paid' ? 'Approve' : 'Reject'
switch (order.status) { case 'paid': '发货'; break; case 'new': '催付'; break; default: '人工' }
const level = {1: '普通', 2: '银', 3: '金'}[customer.level]; level + '卡'
order.items.flatMap(i => i.tags ?? []).filter((t, i, a) => a.indexOf(t) === i).sort()
const days = ['日', '一', '二', '三', '四', '五', '六']; '星期' + days[new Date(order.createdAt).getDay()]
Array.from({length: 3}, (_, i) => ({step: i + 1, due: new Date(Date.parse(order.createdAt) + i * 86400000).toISOString().slice(0, 10)}))
let approver = null; if (order.total > 1000) { approver = 'boss' } else { approver = 'lead' } approver
const rows = order.items.map(({sku, price, quantity}) => [sku, price, quantity].join(',')); ['sku,price,quantity', ...rows].join('\r\n')
const by = k => (a, b) => a[k] < b[k] ? -1 : a[k] > b[k] ? 1 : 0; order.items.slice().sort(by('quantity')).map(i => i.sku)
const clone = JSON.parse(JSON.stringify(order)); clone.items.pop(); [clone.items.length, order.items.length]
Number.isInteger(order.total) || order.total.toString().split('.')[1].length
isNaN(Number(order.total)) ? 0 : Number(order.total)
customer.email.replace(/^(.).*(@.*)$/, '$1***$2')
const pick = (o, ...keys) => Object.fromEntries(keys.map(k => [k, o[k]])); pick(customer, 'name', 'level')
const sum = xs => xs.reduce((a, b) => a + b, 0), avg = xs => sum(xs) / xs.length; [sum(numbers), +avg(numbers).toFixed(2)]
const chunk = (xs, n) => xs.length ? [xs.slice(0, n), ...chunk(xs.slice(n), n)] : []; chunk(numbers, 3)
const uniq = [...new Set(order.items.map(i => i.price > 60))]; uniq
const flat = (o, p = '') => Object.entries(o).flatMap(([k, v]) => v && typeof v === 'object' ? flat(v, p + k + '.') : [[p + k, v]]); flat({a: 1, b: {c: [2, {d: 3}]}})
const zip = (a, b) => a.map((x, i) => [x, b[i]]); Object.fromEntries(zip(['a', 'b'], [1, 2]))
const deepEqual = (a, b) => a === b || (a && b && typeof a === 'object' && typeof b === 'object' && Object.keys(a).length === Object.keys(b).length && Object.keys(a).every(k => deepEqual(a[k], b[k]))); deepEqual(order, JSON.parse(JSON.stringify(order)))
const fmt = (t, o) => t.replace(/\{(\w+)\}/g, (_, k) => o[k] ?? ''); fmt('{name}/{level}/{nope}', customer)
function pad(n) { return n < 10 ? '0' + n : '' + n } const d = new Date(order.createdAt); `${d.getFullYear()}年${pad(d.getMonth() + 1)}月${pad(d.getDate())}日 ${pad(d.getHours())}:${pad(d.getMinutes())}`
const retry = (f, n) => { for (let i = 1; ; i++) { try { return f(i) } catch (e) { if (i >= n) return 'failed: ' + e.message } } }; [retry(i => { if (i < 3) throw new Error('x' + i); return i }, 5), retry(i => { throw new Error('e' + i) }, 2)]
const stack = []; for (const c of '(a[b]{c})') { if ('([{'.includes(c)) stack.push(c); else if (')]}'.includes(c)) { const o = stack.pop(); if ('([{'.indexOf(o) !== ')]}'.indexOf(c)) throw new Error('bad') } } stack.length === 0
const amount = 12345.6; '¥' + amount.toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ',')
const id = '11010519491231002X'; const w = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]; '10X98765432'[[...id].slice(0, 17).reduce((s, c, i) => s + c * w[i], 0) % 11] === id[17]
