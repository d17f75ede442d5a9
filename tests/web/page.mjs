// The report page in a browser: node page.mjs REPORT_FOLDER WORK_FOLDER [OTHER_REPORT_FOLDER...]
// The first one is tried in every way; of the others, only whether they are sound.
import fs from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'
import { check, failures, launch, open } from './browser.mjs'

const require = createRequire(import.meta.url)
const axeSource = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const { HtmlValidate } = require('html-validate')
const file = path.resolve(process.argv[2], 'index.html')
const work = process.argv[3]

async function validates(file, what) {
    const report = await new HtmlValidate(JSON.parse(fs.readFileSync(new URL('html-validate.json', import.meta.url))))
        .validateFile(file)
    const messages = report.results.flatMap(r => r.messages).map(m => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`)
    check(`html-validate finds no error: ${what}`, report.valid, messages)
}

// axe brings its own code into the page; the page's policy forbids that, so it goes in by the debugger's door.
async function axe(page, what) {
    await page.evaluate(axeSource)
    const found = await page.evaluate(() => axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'],
    }))
    check(`axe finds nothing: ${what}`, found.violations.length === 0,
        found.violations.map(v => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 160)} ${v.nodes[0].failureSummary?.replace(/\s+/g, ' ').slice(0, 200)}`))
}

async function isQuiet(page, what) {
    check(`no console message: ${what}`, page.said.length === 0, page.said)
    check(`no request: ${what}`, page.asked.length === 0, page.asked)
    await page.context().close()
}

async function accessible(browser) {
    for (const colorScheme of ['light', 'dark'])
        for (const width of [1280, 390]) {
            const page = await open(browser, file, { colorScheme, viewport: { width, height: 900 } })
            const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
            check(`nothing hangs over the edge at ${width} px`, over <= 0, `${over} px too wide`)
            const wide = await page.evaluate(() => [...document.querySelectorAll('main table')].filter(t => t.offsetParent !== null &&
                t.getBoundingClientRect().right > t.closest('section').getBoundingClientRect().right + 1).map(t => t.caption.textContent))
            check(`no table is wider than its section at ${width} px`, wide.length === 0, wide)
            await axe(page, `${colorScheme}, ${width} px`)
            await isQuiet(page, `${colorScheme}, ${width} px`)
        }
}

// The words of a table's column, in the order of its shown rows.
const columnOf = (table, column) => table.locator('tbody tr').evaluateAll((rows, at) =>
    rows.filter(r => !r.hidden).map(r => r.cells[at].dataset.v ?? r.cells[at].textContent), column)

async function sorts(browser) {
    const page = await open(browser, file)
    const table = page.locator('#policies table').first()
    const before = await columnOf(table, 0)
    const button = table.locator('thead button', { hasText: 'Disputed' }).first()
    const at = await button.locator('..').evaluate(th => th.cellIndex)
    await button.click()
    const numbers = (await columnOf(table, at)).map(Number)
    check('a click on a head sorts by its numbers, the largest first', numbers.length > 5 &&
        numbers.every((x, i) => i === 0 || numbers[i - 1] >= x) && await button.locator('..').getAttribute('aria-sort') === 'descending',
    numbers)
    await button.focus()
    await page.keyboard.press('Enter')
    const again = (await columnOf(table, at)).map(Number)
    check('the key Enter turns the order', again.every((x, i) => i === 0 || again[i - 1] <= x), again)
    await table.locator('thead button').first().click()
    const names = await columnOf(table, 0)
    check('words are sorted as words', names.length === before.length &&
        names.every((x, i) => i === 0 || names[i - 1].localeCompare(x, 'en') <= 0), names)
    await axe(page, 'sorted')
    await isQuiet(page, 'sorting')
}

async function filters(browser) {
    const page = await open(browser, file)
    const section = page.locator('#policies')
    const table = section.locator('table').first()
    const all = (await columnOf(table, 0)).length
    await section.getByLabel(/^Filter/).first().fill('late-fee')
    const shown = await columnOf(table, 0)
    check('a filter leaves the rows that hold its words', shown.length === 1 && shown[0].includes('late-fee'), shown)
    check('and says how many', (await section.locator('.told').first().textContent()) === `1 of ${all} rows`)
    await axe(page, 'filtered')
    await isQuiet(page, 'filtering')
}

// The page hears of its new hash a little later than the browser shows it.
async function isClosed(page) {
    await page.locator('html:not(.open)').waitFor()
}

async function opensEvidence(browser) {
    const page = await open(browser, file)
    const number = page.locator('#policies tbody a.ev').first()
    await number.focus()
    await page.keyboard.press('Enter')
    const panel = page.locator('.exchange:target')
    await panel.waitFor()
    check('a number opens its exchanges by key', await panel.locator('.exchange').count() > 0 &&
        await panel.locator('mark').count() > 0 && await panel.isVisible())
    check('the panel has the focus', await panel.evaluate(p => p === document.activeElement))
    await axe(page, 'with a panel open')
    await page.keyboard.press('Escape')
    await isClosed(page)
    check('Escape closes it, and the number has the focus again', await page.locator('.exchange:target').count() === 0 &&
        await number.evaluate(n => n === document.activeElement))
    await number.click()
    const first = page.locator('.exchange:target')
    const inside = await first.locator('.links a').first().getAttribute('href')
    await first.locator('.links a').first().click()
    check('an entry of the list leads to its exchange in the panel', await page.locator(inside).isVisible())
    await page.mouse.click(5, 400)
    await isClosed(page)
    check('a click beside the panel closes it', await page.locator('.exchange:target').count() === 0)
    check('the exchanges are back in their places', await page.locator('.list .exchange').count() === 0)
    await isQuiet(page, 'opening evidence')
}

async function followsDeepLinks(browser) {
    const source = fs.readFileSync(file, 'utf8')
    const exchange = /<article class="exchange" id="([^"]+)"/.exec(source)[1]
    const page = await open(browser, file, {}, '#' + exchange)
    check('a deep link to an exchange shows it', await page.locator('#' + exchange).isVisible() &&
        await page.locator('#' + exchange).evaluate(x => getComputedStyle(x).position === 'fixed'))
    await isQuiet(page, 'a link to an exchange')
    const policy = /<tr id="(policy-[^"]+)"/.exec(source)[1]
    const other = await open(browser, file, {}, '#' + policy)
    const isSeen = await other.waitForFunction(id => { // the page scrolls smoothly
        const y = document.getElementById(id).getBoundingClientRect().y
        return y >= 0 && y < innerHeight
    }, policy, { timeout: 5000 }).then(() => true, () => false)
    check('a deep link to a policy shows its row', isSeen)
    await isQuiet(other, 'a link to a policy')
    const ids = source.match(/ href="#[^"]+"/g).map(x => x.slice(8, -1)).filter(x => x !== 'closed')
    const missing = ids.filter(id => !source.includes(` id="${id}"`))
    check('every link leads somewhere', ids.length > 50 && missing.length === 0, missing)
}

async function readsWithoutScripts(browser) {
    for (const width of [1280, 390]) {
        const page = await open(browser, file, { javaScriptEnabled: false, viewport: { width, height: 900 } })
        await page.locator('#policies tbody a.ev').first().click()
        const panel = page.locator('.exchange:target')
        check(`without scripts a number opens its list at ${width} px`, await panel.isVisible() && await panel.locator('.links a').count() > 0)
        await panel.locator('.links a').first().click()
        check(`and its entry the exchange at ${width} px`, await page.locator('.exchange:target .turn.here').isVisible())
        await page.locator('.exchange:target .close').click()
        check(`which closes at ${width} px`, await page.locator('.exchange:target').count() === 0)
        await isQuiet(page, `without scripts, ${width} px`)
    }
}

async function prints(browser) {
    const page = await open(browser, file)
    const pdf = await page.pdf({ format: 'A4' })
    fs.writeFileSync(path.join(work, 'page.pdf'), pdf)
    const pages = (pdf.toString('latin1').match(/\/Type *\/Page[^s]/g) ?? []).length
    check('it prints to PDF, on a few pages', pages >= 1 && pages <= 30, `${pages} pages`)
    await isQuiet(page, 'printing')
}

// An unusual report: valid, accessible, quiet, within its edges; and its panels open.
async function isSound(browser, file, what) {
    await validates(file, what)
    const page = await open(browser, file, { viewport: { width: 390, height: 900 } })
    check(`nothing hangs over the edge: ${what}`, await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
    const number = page.locator('main a.ev').first()
    if (await number.count() > 0) {
        await number.click()
        check(`a number opens: ${what}`, await page.locator('.exchange:target').isVisible())
    }
    await axe(page, what)
    await isQuiet(page, what)
}

// First the tests test themselves: what a bad page does is seen.
async function seesWhatIsBad(browser) {
    const bad = path.resolve(work, 'bad.html')
    fs.writeFileSync(bad, '<!doctype html><title>x</title><img src="http://example.invalid/a.png"><p style="color:#eee">pale<li>x' +
        '<script>console.error("boo")</script>')
    const page = await open(browser, bad)
    await page.evaluate(axeSource)
    const found = await page.evaluate(() => axe.run(document))
    const report = await new HtmlValidate({ extends: ['html-validate:recommended'] }).validateFile(bad)
    const ids = found.violations.map(v => v.id)
    check('a bad page is seen', ids.includes('image-alt') && ids.includes('color-contrast') && !report.valid &&
        page.said.some(s => s.includes('boo')) && page.asked.some(u => u.includes('example.invalid')),
    ids, page.said, page.asked)
    await page.context().close()
}

const browser = await launch()
try {
    await seesWhatIsBad(browser)
    await validates(file, 'the report')
    await accessible(browser)
    await sorts(browser)
    await filters(browser)
    await opensEvidence(browser)
    await followsDeepLinks(browser)
    await readsWithoutScripts(browser)
    await prints(browser)
    for (const folder of process.argv.slice(4))
        await isSound(browser, path.resolve(folder, 'index.html'), path.basename(folder))
} finally {
    await browser.close()
}
process.exit(failures() ? 1 : 0)
