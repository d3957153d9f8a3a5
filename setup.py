"""The package: root folders are mapped into it, so that one checkout serves readers and machines alike."""

from setuptools import find_namespace_packages, setup

ROOT = "ckanext-citizendata"
MAPPED = ("schemas", "vocabularies", "config")

setup(
    package_dir={"": ROOT, **{f"ckanext.citizendata.{folder}": folder for folder in MAPPED}},
    packages=[
        *find_namespace_packages(ROOT, include=["ckanext.citizendata", "ckanext.citizendata.*"]),
        *(f"ckanext.citizendata.{folder}" for folder in MAPPED),
    ],
    include_package_data=True,
)
