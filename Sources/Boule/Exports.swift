// One import gives a client of the library product what a run is written with.
@_exported import Archive
@_exported import Fields
@_exported import Growth
@_exported import Materials
@_exported import Microstructure
@_exported import NumericalMethods
@_exported import Quantities
@_exported import Recipes
@_exported import Reporting
@_exported import Specimens
@_exported import Switching
