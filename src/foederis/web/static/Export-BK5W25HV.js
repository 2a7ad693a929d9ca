import{a}from"./chunk-CJGASXFJ.js";import"./chunk-J4EQQLRF.js";import"./chunk-SQE76S5B.js";export{a as Export};
