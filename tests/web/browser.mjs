// Debian's chromium, driven by playwright-core: every page that is opened here is watched for console messages, errors
// and requests; `check` prints a line a test, as tests/run.sh wants it.
import { chromium } from 'playwright-core'

let failed = 0
export function check(what, holds, ...details) {
    console.log(`${holds ? 'ok' : 'not ok'} - ${what}`)
    if (!holds) {
        failed++
        details.flat().slice(0, 20).forEach(d => console.log(`# ${typeof d === 'string' ? d : JSON.stringify(d)}`))
    }
    return holds
}
export const failures = () => failed

export async function launch() {
    return chromium.launch({
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-dev-shm-usage',
            '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-default-apps'],
    })
}

// Open FILE with OPTIONS of a browser context; page.said and page.asked collect what it should not do.
export async function open(browser, file, options = {}, hash = '') {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
    const page = await context.newPage()
    page.said = []
    page.asked = []
    page.on('console', m => page.said.push(`${m.type()}: ${m.text()}`))
    page.on('pageerror', e => page.said.push(`error: ${e.message}`))
    page.on('request', r => { if (!r.isNavigationRequest()) page.asked.push(r.url()) })
    await page.goto(`file://${file}${hash}`)
    return page
}
