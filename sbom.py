"""The SBOM of kgraph in CycloneDX 1.6: the locked Python packages, and the npm packages in the explorer.

`python sbom.py FOLDER` reads `bundled.json` in the folder, which the explorer's build wrote there, and writes
`sbom.cdx.json` beside it. Equal packages give equal bytes (https://cyclonedx.org/docs/1.6/json/).
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from runpy import run_path
from typing import TypedDict
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).parent
NAME, LICENCE = "kgraph-social-economy", "Apache-2.0 AND CC-BY-4.0"
PIN = re.compile(r"(?P<name>[a-z0-9._-]+)==(?P<version>[^ ;]+)(?: ; (?P<marker>[^\\]+?))?(?: \\)?")
REQUIRER = re.compile(r" {4}#(?: via)? +(?P<name>[a-z0-9._-]+)(?:\[.*\])?(?: \(pyproject\.toml\))?")


@dataclass(frozen=True)
class Package:
    """A package, its ecosystem by purl (pypi or npm), the condition on which pip installs it, and what it needs."""

    ecosystem: str
    name: str
    version: str
    licence: str = ""
    marker: str = ""
    needs: frozenset[str] = frozenset()

    @property
    def purl(self) -> PackageURL:
        scope, _, name = self.name.rpartition("/")
        return PackageURL(self.ecosystem, scope or None, name, self.version)


class Bundled(TypedDict):
    """An npm package as `frontend/scripts/notices.mjs` lists it."""

    name: str
    version: str
    licence: str
    dependencies: list[str]


def locked(text: str) -> list[Package]:
    """The packages of a lock file as uv writes it, which names those that need each package below it."""
    pins: list[re.Match[str]] = []
    needs: dict[str, set[str]] = {}
    for line in text.splitlines():
        if pin := PIN.fullmatch(line):
            pins.append(pin)
        elif pins and (requirer := REQUIRER.fullmatch(line)):
            needs.setdefault(requirer["name"], set()).add(pins[-1]["name"])
    return [
        Package("pypi", pin["name"], pin["version"], "", pin["marker"] or "", frozenset(needs.get(pin["name"], ())))
        for pin in pins
    ]


def direct(text: str) -> frozenset[str]:
    """The names of the packages that kgraph itself needs, by its lock file."""
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
    return frozenset(entry.partition("==")[0] for entry in entries if f"{NAME} (pyproject.toml)" in entry)


def bundled(listed: Iterable[Bundled]) -> Iterator[Package]:
    """The npm packages in the explorer, from what its build says of them."""
    for one in listed:
        yield Package("npm", one["name"], one["version"], one["licence"], needs=frozenset(one["dependencies"]))


def component(package: Package, kind: ComponentType = ComponentType.LIBRARY) -> Component:
    return Component(
        type=kind,
        name=package.name,
        version=package.version,
        bom_ref=str(package.purl),
        purl=package.purl,
        licenses=[LicenseFactory().make_from_string(package.licence)] if package.licence else [],
        properties=[Property(name="kgraph:marker", value=package.marker)] if package.marker else [],
    )


def sbom(root: Package, packages: Sequence[Package]) -> str:
    """The SBOM as JSON; `root` is kgraph, which needs packages of both ecosystems."""
    components = {package: component(package) for package in packages}
    bom = Bom(serial_number=uuid5(NAMESPACE_URL, " ".join(sorted(str(one.purl) for one in (root, *packages)))))
    bom.metadata.component = component(root, ComponentType.APPLICATION)
    bom.components.update(components.values())
    bom.register_dependency(bom.metadata.component, [components[one] for one in packages if one.name in root.needs])
    for package, known in components.items():
        bom.register_dependency(known, [components[one] for one in packages if is_needed(one, by=package)])
    written = json.loads(JsonV1Dot6(bom).output_as_string())
    del written["metadata"]["timestamp"]  # optional, and another in each build
    return json.dumps(written, ensure_ascii=False, indent=1) + "\n"


def is_needed(package: Package, by: Package) -> bool:
    return package.ecosystem == by.ecosystem and package.name in by.needs


def write(folder: Path) -> None:
    """Write `sbom.cdx.json` to the folder of the built explorer."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    explorer = json.loads((ROOT / "frontend" / "package.json").read_bytes())
    needs = direct(lock).union(explorer["dependencies"], explorer["devDependencies"])
    version = run_path(str(ROOT / "kgraph" / "_version.py"))["__version__"]
    root = Package("pypi", NAME, version, LICENCE, needs=needs)
    packages = [*locked(lock), *bundled(json.loads((folder / "bundled.json").read_bytes()))]
    (folder / "sbom.cdx.json").write_text(sbom(root, packages), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
