import{e as a,f as b}from"./chunk-IBXPNNVP.js";import"./chunk-OZA53OPV.js";import"./chunk-6DJENWGI.js";import"./chunk-2E73IVXB.js";import"./chunk-RLH3V6A7.js";export{b as Source,a as sourceWord};
