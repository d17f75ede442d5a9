// The report page in a browser: node page.mjs REPORT_FOLDER [WORK_FOLDER]
import fs from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'
import { check, failures, launch, open } from './browser.mjs'

const require = createRequire(import.meta.url)
const axeSource = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const { HtmlValidate } = require('html-validate')
const file = path.resolve(process.argv[2], 'index.html')
const work = process.argv[3] ?? '.'

async function validates() {
    const report = await new HtmlValidate(JSON.parse(fs.readFileSync(new URL('html-validate.json', import.meta.url))))
        .validateFile(file)
    const messages = report.results.flatMap(r => r.messages).map(m => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`)
    check('html-validate finds no error', report.valid, messages)
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
            await axe(page, `${colorScheme}, ${width} px`)
            await isQuiet(page, `${colorScheme}, ${width} px`)
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
    await validates()
    await accessible(browser)
    await prints(browser)
} finally {
    await browser.close()
}
process.exit(failures() ? 1 : 0)
